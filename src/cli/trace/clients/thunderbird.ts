/** How Thunderbird 153 looks for settings, in its own order, and what it takes of them. */
import { type AutoconfigRules, discoverAutoconfig, discoverByMx, findSrvRecords } from '../autoconfig-discovery.ts';
import { autodiscoverPost, autodiscoverUrl, discoverAutodiscover } from '../autodiscover-discovery.ts';
import { conclude, type MailClient } from '../discovery.ts';
import { autoconfigSubdomainUrl, PASSWORD_AUTHENTICATIONS, subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

const THUNDERBIRD_RULES: AutoconfigRules = {
	takesFirst2xxUnread: true,
	contentTypes: /^(text\/xml|application\/xml|text\/rdf)/,
	picks: 'first',
	authentications: [...PASSWORD_AUTHENTICATIONS, 'GSSAPI', 'NTLM'],
};

export const thunderbird: MailClient = {
	title: 'Thunderbird 153',
	userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.8.0',
	evidence: { known: 'run', version: '153.8.0', date: '2026-11-28', source: 'modules/accountcreation of its omni.ja' },
	*discover(address) {
		const isp = yield* discoverAutoconfig(
			urlsFor([...subdomainAndWellKnown('https', 'encoded'), ...subdomainAndWellKnown('http', 'encoded')], address),
			THUNDERBIRD_RULES,
		);
		if (isp !== null) return isp;
		const database = yield* discoverAutoconfig([`https://live.thunderbird.net/autoconfig/v1.1/${address.domain}`], THUNDERBIRD_RULES);
		if (database !== null) return database;
		const mx = yield* discoverByMx(
			address,
			(domain) => [
				`${autoconfigSubdomainUrl(domain)}?emailaddress=${encodeURIComponent(address.text)}`,
				`https://live.thunderbird.net/autoconfig/v1.1/${domain}`,
			],
			THUNDERBIRD_RULES,
		);
		if (mx !== null) return mx;
		const { domain } = address;
		const exchange = yield* discoverAutodiscover(
			[
				autodiscoverPost(address, autodiscoverUrl(`autodiscover.${domain}`)),
				autodiscoverPost(address, autodiscoverUrl(domain)),
				autodiscoverPost(address, autodiscoverUrl(`autodiscover.${domain}`, 'http')),
			],
			'first',
		);
		if (exchange !== null) return exchange;
		// Its Exchange look-up follows _autodiscover, and asks the user before it goes to another domain.
		const [target] = yield* findSrvRecords('_autodiscover', domain);
		if (target === undefined) return null;
		yield* conclude(`asks the user whether ${target.host} may be trusted; without a yes, it finds nothing`);
		return null;
	},
};
