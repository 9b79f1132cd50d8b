/** How Outlook for Windows (classic) looks for settings, in its own order, and what it takes of them. */
import { findSrvRecords } from '../autoconfig-discovery.ts';
import { autodiscoverPost, autodiscoverUrl, discoverAutodiscover, requestAutodiscover } from '../autodiscover-discovery.ts';
import { conclude, type MailClient } from '../discovery.ts';

export const outlook: MailClient = {
	title: 'Outlook for Windows (classic)',
	evidence: {
		known: 'read',
		version: 'MS-OXDISCO, MS-OXDSCLI',
		date: '2026-11-01',
		source: '§3.1.5; Microsoft’s cloud, which Outlook asks first, is left out',
	},
	*discover(address) {
		const { domain } = address;
		const direct = yield* discoverAutodiscover(
			[autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map((url) =>
				autodiscoverPost(address, url, { redirects: 'keep' }),
			),
			'first',
		);
		if (direct !== null) return direct;
		const answer = yield { action: 'http', method: 'GET', url: autodiscoverUrl(`autodiscover.${domain}`, 'http'), redirects: 'stop' };
		const location = answer.outcome === 'http' && (answer.status === 301 || answer.status === 302) ? answer.location : null;
		yield* conclude(location === null ? 'no redirect' : `asks the user, then ${location}`);
		const redirected = location === null ? null : yield* requestAutodiscover(autodiscoverPost(address, location), 'first');
		if (redirected !== null) return redirected;
		const [target] = yield* findSrvRecords('_autodiscover', domain);
		return target === undefined ? null : yield* requestAutodiscover(autodiscoverPost(address, autodiscoverUrl(target.host)), 'first');
	},
};
