/** What Stalwart 0.15 tells clients, by its listeners. */
import { SMTP_PORT } from '../../model/service-ports.ts';
import {
	type AdvertisedServer,
	type AdvertisedSettings,
	NOTHING_ADVERTISED,
	normaliseHost,
	parsePort,
} from '../../protocols/readers/advertised-settings.ts';

const TYPES = { imap: 'imap', pop3: 'pop3', smtp: 'smtp', managesieve: 'sieve' } as const;

const ORDER: readonly string[] = Object.values(TYPES);

/** @param settings by their whole names; null where they are about something else */
export function settingsOfListeners(settings: ReadonlyMap<string, string>, notes: string[]): AdvertisedSettings | null {
	const hostname = settings.get('server.hostname') ?? settings.get('lookup.default.hostname') ?? '';
	const ids = new Set([...settings.keys()].flatMap((key) => /^server\.listener\.([^.]{1,100})\./.exec(key)?.[1] ?? []));
	if (hostname === '' || ids.size === 0) return null;
	const servers = [...ids].flatMap((id) => listenerServers(id, hostname, settings, notes));
	servers.sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || Number(b.security === 'tls') - Number(a.security === 'tls'));
	notes.push('Settings that Stalwart keeps in its database are not looked at, unless they were dumped.');
	return { ...NOTHING_ADVERTISED, servers };
}

function listenerServers(
	id: string,
	hostname: string,
	settings: ReadonlyMap<string, string>,
	notes: string[],
): readonly AdvertisedServer[] {
	const base = `server.listener.${id}`;
	const path = base.slice(0, 120);
	const setting = (name: string) => settings.get(`${base}.${name}`) ?? settings.get(`server.${name}`);
	const protocol = (settings.get(`${base}.protocol`) ?? '').toLowerCase();
	if (protocol === 'http') notes.push(`${path}: JMAP and DAV are told of at URLs of Stalwart's; add them by hand where users have them.`);
	if (protocol === 'http' || protocol === 'lmtp') return [];
	const type = Object.hasOwn(TYPES, protocol) ? TYPES[protocol as keyof typeof TYPES] : protocol;
	const bound = [...settings].filter(([key]) => key === `${base}.bind` || key.startsWith(`${base}.bind.`)).map(([, value]) => value);
	const ports = new Set(bound.map((address) => parsePort(address.slice(address.lastIndexOf(':') + 1))));
	return [...ports].flatMap((port): readonly AdvertisedServer[] => {
		// Mail servers deliver there; users do not.
		if (type === 'smtp' && port === SMTP_PORT) return [];
		return [
			{
				path,
				direction: type === 'smtp' ? 'outgoing' : 'incoming',
				type,
				host: normaliseHost(hostname),
				port,
				security: setting('tls.implicit') === 'true' ? 'tls' : setting('tls.enable') === 'false' ? 'plain' : 'starttls',
				login: '%EMAILADDRESS%',
				auth: ['password-cleartext'],
			},
		];
	});
}
