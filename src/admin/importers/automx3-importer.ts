/** Reads the configuration of automx 3 (docs/configuration.md of 3.0.0-beta.4, 2026): an INI file with a section for each domain or for all. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { type IniFile, parseIniFile } from '../../lib/config-files/ini-file.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Domain } from '../../model/names.ts';
import { type AutomxProfile, readAutomxProfile } from './automx3-profile.ts';
import { type ConfigurationParser, type ConfiguredDomains, collectDomains, notUnderstood } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';

export const parseAutomx3: ConfigurationParser = (files, wanted) => {
	const parsed = parseIniFile(files.join('\n'));
	if (!parsed.ok) return notUnderstood(`${parsed.error} (an INI file)`);
	const ini = parsed.value;
	const main = ini.get('automx');
	if (main === undefined) return notUnderstood('has no [automx] section');
	const notes: string[] = [];
	const names = (main.get('domains') ?? '').split(/[\s,]/).filter((name) => name !== '');
	const domains = collectDomains(
		names.filter((name) => name !== '*').map((name) => ({ path: '[automx] domains', name })),
		notes,
	);
	if (names.includes('*'))
		notes.push(
			'[automx] domains = *: every domain that asks is answered there. Here a record named * does that; it is not made by an import.',
		);
	for (const option of main.keys())
		if (!/^(provider|domains|autodiscover_v2|mobileconfig_)/.test(option) && !isInherited(ini, option))
			notes.push(`[automx] ${option}: is not understood.`);
	if (main.get('mobileconfig_sign') !== undefined) notes.push('[automx] mobileconfig_sign: profiles are signed as this service is set up.');
	if (wanted !== null && !domains.includes(wanted) && !names.includes('*')) notes.push(`[automx] domains does not name ${wanted}.`);
	const chosen = wanted === null ? domains : [wanted, ...domains.filter((domain) => domain !== wanted)];
	if (chosen.length === 0)
		return err({ code: 'invalid', errors: [{ path: 'domain', reason: 'is needed: [automx] domains names no mail domain' }] });
	return groupsOf(ini, chosen, notes);
};

/** Whether an option of a section comes from [DEFAULT], which is for the other sections. */
function isInherited(ini: IniFile, option: string): boolean {
	return [...ini].some(([name, options]) => name !== 'automx' && options.has(option));
}

/** Domains of one section share a record; a record is for one domain's settings. */
function groupsOf(
	ini: IniFile,
	domains: readonly Domain[],
	notes: readonly string[],
): Result<{ readonly groups: readonly ConfiguredDomains[]; readonly notes: readonly string[] }, ApiProblem> {
	const groups = new Map<string, { domains: [Domain, ...Domain[]]; readonly profile: AutomxProfile }>();
	const failed: string[] = [];
	for (const domain of domains) {
		const section = ini.has(domain) ? domain : 'global';
		const group = groups.get(section);
		if (group !== undefined) {
			group.domains.push(domain);
			continue;
		}
		const profile = readAutomxProfile(ini, section);
		if (profile.ok) groups.set(section, { domains: [domain], profile: profile.value });
		else failed.push(`${domain}: ${profile.error}.`);
	}
	if (groups.size === 0) return notUnderstood(failed[0] ?? 'has no section for a domain');
	return ok({
		groups: [...groups.values()].map(({ domains: own, profile }) => ({
			domains: own,
			source: { ...configurationSource(profile.advertised, { silent: { texts: true } }), notes: profile.notes },
		})),
		notes: [...notes, ...failed],
	});
}
