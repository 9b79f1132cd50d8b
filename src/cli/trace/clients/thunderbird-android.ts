/** How Thunderbird for Android, K-9 looks for settings, in its own order, and what it takes of them. */
import { type AutoconfigRules, discoverAutoconfig, discoverByMx, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { autoconfigSubdomainUrl, PASSWORD_AUTHENTICATIONS, subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

const THUNDERBIRD_ANDROID_RULES: AutoconfigRules = { picks: 'first', strict: true, authentications: PASSWORD_AUTHENTICATIONS };

export const thunderbirdAndroid: MailClient = {
	title: 'Thunderbird for Android, K-9',
	evidence: { known: 'read', version: 'thunderbird-android@a59bd67', date: '2026-08-20', source: 'feature/autodiscovery' },
	*discover(address) {
		const urls = [
			...urlsFor([...subdomainAndWellKnown('https', 'none'), ...subdomainAndWellKnown('http', 'none')], address),
			`${ISPDB_URL}${address.domain}`,
		];
		return (
			(yield* discoverAutoconfig(urls, THUNDERBIRD_ANDROID_RULES)) ??
			(yield* discoverByMx(address, (domain) => [autoconfigSubdomainUrl(domain), `${ISPDB_URL}${domain}`], THUNDERBIRD_ANDROID_RULES))
		);
	},
};
