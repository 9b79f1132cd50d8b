/** Reads the SRV records of mail and DAV services as mail clients do (RFC 6186, RFC 8314 §5.1, RFC 6764, RFC 8620, RFC 5804). */
import type { DnsRecord } from '../../model/dns-record.ts';
import type { Domain } from '../../model/names.ts';
import { findServiceByPort, HTTPS_PORT } from '../../model/service-ports.ts';
import {
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	parsePort,
} from './advertised-settings.ts';

interface SrvService {
	readonly type: string;
	readonly security: 'tls' | 'starttls';
}

/**
 * The labels of mail services; with equal priorities the order here counts, implicit TLS first. `_smtps` never was registered: it is the
 * name that `_submissions` had in use before RFC 8314.
 */
const MAIL_LABELS: Readonly<Record<string, SrvService>> = {
	'_imaps._tcp': { type: 'imap', security: 'tls' },
	'_imap._tcp': { type: 'imap', security: 'starttls' },
	'_pop3s._tcp': { type: 'pop3', security: 'tls' },
	'_pop3._tcp': { type: 'pop3', security: 'starttls' },
	'_submissions._tcp': { type: 'smtp', security: 'tls' },
	'_smtps._tcp': { type: 'smtp', security: 'tls' },
	'_submission._tcp': { type: 'smtp', security: 'starttls' },
	'_sieve._tcp': { type: 'sieve', security: 'starttls' },
};

/** The labels of services with a URL. Those without the `s` are http, which no record can hold. */
const URL_LABELS: Readonly<Record<string, { readonly kind: AdvertisedUrl['kind']; readonly scheme: 'https' | 'http' }>> = {
	'_caldavs._tcp': { kind: 'caldav', scheme: 'https' },
	'_carddavs._tcp': { kind: 'carddav', scheme: 'https' },
	'_jmap._tcp': { kind: 'jmap', scheme: 'https' },
	'_caldav._tcp': { kind: 'caldav', scheme: 'http' },
	'_carddav._tcp': { kind: 'carddav', scheme: 'http' },
};

/** The labels to look up, each in front of the domain. */
export const SRV_LABELS: readonly string[] = [...Object.keys(MAIL_LABELS), ...Object.keys(URL_LABELS)];

/** The labels whose TXT record has the path (RFC 6764 §4). */
export const TXT_PATH_LABELS: readonly string[] = Object.keys(URL_LABELS).filter((label) => label !== '_jmap._tcp');

/** A record as a name server has it; a target need not be a valid host name. */
export type SrvRecord =
	| {
			readonly type: 'SRV';
			readonly name: string;
			readonly priority: number;
			readonly weight: number;
			readonly port: number;
			readonly target: string;
	  }
	| Exclude<DnsRecord, { readonly type: 'SRV' }>;

/** The data of an SRV record as a name server prints it; null where it is none. */
export function parseSrvRdata(name: string, data: string): SrvRecord | null {
	const fields = /^(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s+(\S{1,255})$/.exec(data.trim());
	if (fields === null) return null;
	const target = (fields[4] ?? '').toLowerCase();
	return {
		type: 'SRV',
		name,
		priority: Number(fields[1]),
		weight: Number(fields[2]),
		port: Number(fields[3]),
		target: target === '.' ? '.' : target.replace(/\.$/, ''),
	};
}

/** The settings of a domain's records. */
export function readSrvRecords(records: readonly SrvRecord[], domain: Domain): AdvertisedSettings {
	const mail = Object.entries(MAIL_LABELS).flatMap(([label, service]) =>
		targetsOf(records, `${label}.${domain}`).map((target) => ({ ...target, server: toServer(label, service, target) })),
	);
	// RFC 2782: the lowest priority first. A weight is a share of the connections: the heaviest gets most of them.
	mail.sort((a, b) => a.priority - b.priority);
	const urls = Object.entries(URL_LABELS).flatMap(([label, { kind, scheme }]) =>
		targetsOf(records, `${label}.${domain}`).map(({ target, port }): AdvertisedUrl => {
			const path = pathOf(records, `${label}.${domain}`) ?? `/.well-known/${kind}`;
			const at = (scheme === 'https' && port === HTTPS_PORT) || (scheme === 'http' && port === 80) ? '' : `:${port}`;
			return { path: label, kind, url: `${scheme}://${target}${at}${path}`, login: null, auth: [] };
		}),
	);
	const servers = mail.map(({ server }) => server);
	// A server under two labels, as `_smtps` beside `_submissions`, is one server.
	const isFirst = (server: AdvertisedServer, at: number) => servers.findIndex((other) => serverKey(other) === serverKey(server)) === at;
	return { ...NOTHING_ADVERTISED, servers: servers.filter(isFirst), urls };
}

function serverKey({ type, host, port, security }: AdvertisedServer): string {
	return `${type} ${host} ${port} ${security}`;
}

type Target = Extract<SrvRecord, { readonly type: 'SRV' }>;

/** Best first. RFC 2782: a target of "." says that there is no such service. */
function targetsOf(records: readonly SrvRecord[], name: string): readonly Target[] {
	return records
		.filter((record): record is Target => record.type === 'SRV' && record.name === name && record.target !== '.')
		.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
}

function toServer(label: string, { type, security }: SrvService, { target, port }: Target): AdvertisedServer {
	// RFC 6186 §3.1 lets a port tell: what is registered for implicit TLS is that, under either label.
	const registered = findServiceByPort(port)?.security === 'tls' ? 'tls' : security;
	return {
		path: label,
		direction: type === 'smtp' ? 'outgoing' : 'incoming',
		type,
		host: target,
		port: parsePort(String(port)),
		security: registered,
		login: null,
		auth: [],
	};
}

/** RFC 6764 §4: `path=` and the context path, in a TXT record of the same name. */
function pathOf(records: readonly SrvRecord[], name: string): string | null {
	for (const record of records) {
		if (record.type !== 'TXT' || record.name !== name) continue;
		const path = /^path=(\/.*)$/i.exec(record.text.trim())?.[1];
		if (path !== undefined) return path;
	}
	return null;
}
