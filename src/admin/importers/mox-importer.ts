/** Reads mox's mox.conf and domains.conf (config/doc.go of v0.0.17, 2026-08), and takes what its autoconfig tells clients. */

import { parseSconfFile, type SconfSection, type SconfValue } from '../../lib/config-files/sconf-file.ts';
import { ok } from '../../lib/result.ts';
import { HOUR_SECONDS } from '../../lib/time.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { HTTPS_PORT, SOCKET_SERVICES } from '../../model/service-ports.ts';
import { type AdvertisedServer, NOTHING_ADVERTISED, normaliseHost, parsePort } from '../../protocols/readers/advertised-settings.ts';
import { type ConfigurationParser, type ConfiguredDomains, notUnderstood } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';

/** What a listener may offer to clients: the best of each type is what mox tells them. */
const SERVICES = [
	{ field: 'IMAPS', type: 'imap', security: 'tls', preset: SOCKET_SERVICES.imap.implicit },
	{ field: 'IMAP', type: 'imap', security: 'starttls', preset: SOCKET_SERVICES.imap.registeredStarttls },
	{ field: 'Submissions', type: 'smtp', security: 'tls', preset: SOCKET_SERVICES.submission.implicit },
	{ field: 'Submission', type: 'smtp', security: 'starttls', preset: SOCKET_SERVICES.submission.registeredStarttls },
] as const;

/** A service of mox: its host stands in the domain's section, or is the server's. */
interface OfferedServer {
	readonly server: AdvertisedServer;
	readonly isAdvertised: boolean;
}

export const parseMox: ConfigurationParser = (files, wanted) => {
	const sections: SconfSection[] = [];
	for (const text of files) {
		const parsed = parseSconfFile(text);
		if (!parsed.ok) return notUnderstood(`${parsed.error} (sconf, the format of mox)`);
		sections.push(parsed.value);
	}
	const main = sections.find((section) => section.has('Listeners'));
	if (main === undefined) return notUnderstood('has no Listeners: mox.conf is needed');
	const hostname = textOf(main, 'Hostname');
	const offered = offeredServers(sectionOf(main, 'Listeners'), hostname);
	const notes = offered
		.filter(({ isAdvertised }) => !isAdvertised)
		.map(({ server: { path, port } }) => `${path} (${port}): mox does not tell clients of it; put it into the record where users have it.`);
	const domains =
		sections.map((section) => sectionOf(section, 'Domains')).find((section) => section.size > 0) ?? new Map<string, SconfValue>();
	const groups = new Map<string, { domains: [Domain, ...Domain[]]; readonly source: ConfiguredDomains['source'] }>();
	for (const [name, value] of domains) {
		const path = `Domains.${name.slice(0, 100)}`;
		const domain = parseDomain(name);
		const section = value instanceof Map ? value : new Map<string, SconfValue>();
		if (domain === null) notes.push(`${path}: is no domain name.`);
		else if (textOf(section, 'Disabled') === 'true') notes.push(`${path}: is disabled there, and left out.`);
		else addToGroups(groups, domain, section, offered, hostname);
	}
	if (wanted !== null && ![...groups.values()].some((group) => group.domains.includes(wanted))) {
		if (domains.size > 0) notes.push(`domains.conf does not name ${wanted}.`);
		addToGroups(groups, wanted, new Map(), offered, hostname);
	}
	if (groups.size === 0) return notUnderstood('has no Domains: domains.conf is needed, or the domain');
	// The domain that is wanted comes first.
	const all = [...groups.values()].map((group): ConfiguredDomains => {
		const isHere = wanted !== null && group.domains.includes(wanted);
		return isHere ? { ...group, domains: [wanted, ...group.domains.filter((domain) => domain !== wanted)] } : group;
	});
	return ok({ groups: all.sort((a, b) => Number(b.domains[0] === wanted) - Number(a.domains[0] === wanted)), notes });
};

/** Domains with the same host and the same policies share a record. */
function addToGroups(
	groups: Map<string, { domains: [Domain, ...Domain[]]; readonly source: ConfiguredDomains['source'] }>,
	domain: Domain,
	section: SconfSection,
	offered: readonly OfferedServer[],
	hostname: string,
): void {
	const own = textOf(section, 'ClientSettingsDomain');
	const policies = policiesOf(section, domain, hostname);
	const key = JSON.stringify([own, policies]);
	const group = groups.get(key);
	if (group !== undefined) {
		group.domains.push(domain);
		return;
	}
	const servers = offered
		.filter(({ isAdvertised }) => isAdvertised)
		.map(({ server }) => (own === '' ? server : { ...server, host: normaliseHost(parseDomain(own) ?? own) }));
	// Its names are the address and the domain of whoever asks.
	groups.set(key, {
		domains: [domain],
		source: configurationSource({ ...NOTHING_ADVERTISED, servers }, { silent: { names: true }, policies }),
	});
}

/** mox looks at the listener "public" first, then at the others by name, and tells clients of one server for each direction. */
function offeredServers(listeners: SconfSection, hostname: string): readonly OfferedServer[] {
	const names = [...listeners.keys()].sort((a, b) => Number(b === 'public') - Number(a === 'public') || (a < b ? -1 : 1));
	const offered: OfferedServer[] = [];
	for (const name of names) {
		const listener = sectionOf(listeners, name);
		const host = normaliseHost(textOf(listener, 'Hostname') || hostname);
		for (const { field, type, security, preset } of SERVICES) {
			const service = sectionOf(listener, field);
			if (textOf(service, 'Enabled') !== 'true') continue;
			const server: AdvertisedServer = {
				path: `Listeners.${name}.${field}`,
				direction: type === 'smtp' ? 'outgoing' : 'incoming',
				type,
				host,
				// 0 is the default.
				port: parsePort(textOf(service, 'Port')) ?? preset,
				security: security === 'starttls' && !listener.has('TLS') ? 'plain' : security,
				login: '%EMAILADDRESS%',
				auth: ['password-encrypted'],
			};
			const isAdvertised = !offered.some((other) => other.isAdvertised && other.server.type === type);
			offered.push({ server, isAdvertised });
			if (isAdvertised && textOf(service, 'EnabledOnHTTPS') === 'true')
				offered.push({ server: { ...server, path: `${server.path}.EnabledOnHTTPS`, port: HTTPS_PORT }, isAdvertised });
		}
	}
	return offered;
}

/** What mox serves to mail servers for a domain: its MTA-STS policy and where TLS reports go. */
function policiesOf(section: SconfSection, domain: Domain, hostname: string): Readonly<Record<string, unknown>> {
	const [mtaSts, tlsRpt] = [sectionOf(section, 'MTASTS'), sectionOf(section, 'TLSRPT')];
	const mx = mtaSts.get('MX');
	const maxAge = durationSeconds(textOf(mtaSts, 'MaxAge'));
	return {
		...(mtaSts.size === 0
			? {}
			: {
					mtaSts: {
						mode: textOf(mtaSts, 'Mode'),
						mx: Array.isArray(mx) && mx.length > 0 ? mx : [hostname],
						...(maxAge === null ? {} : { maxAge }),
					},
				}),
		...(tlsRpt.size === 0 ? {} : { tlsRpt: { rua: [`mailto:${textOf(tlsRpt, 'Localpart')}@${textOf(tlsRpt, 'Domain') || domain}`] } }),
	};
}

/** The seconds of a duration as Go prints it, `24h0m0s`; null for every other text. */
function durationSeconds(text: string): number | null {
	const parts = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/.exec(text);
	if (parts === null || text === '') return null;
	const [, hours = '0', minutes = '0', seconds = '0'] = parts;
	return Number(hours) * HOUR_SECONDS + Number(minutes) * 60 + Number(seconds);
}

/** A field that is a text; empty where it is none or not there. */
function textOf(section: SconfSection, name: string): string {
	const value = section.get(name);
	return typeof value === 'string' ? value : '';
}

/** A field that is a section; empty where it is none or not there. */
function sectionOf(section: SconfSection, name: string): SconfSection {
	const value = section.get(name);
	return value instanceof Map ? value : new Map();
}
