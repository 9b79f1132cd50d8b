/** Dovecot's log-in services and the ports that they listen on. */
import type { SocketOffer } from '../../../model/config.ts';
import { blocksOf, type DovecotBlock } from './parse-dovecot.ts';

/** The kinds of offer that Dovecot serves. */
export type DovecotKind = Exclude<SocketOffer['kind'], 'smtp'>;

interface LoginService {
	/** As `protocols` names it. */
	readonly protocol: string;
	readonly login: string;
	/** The listeners that Dovecot has without being told. */
	readonly listeners: readonly { readonly name: string; readonly port: number; readonly ssl: boolean }[];
}

// Defaults of 2.3 and 2.4 (doveconf -d); ManageSieve has one port.
export const LOGIN_SERVICES = {
	imap: {
		protocol: 'imap',
		login: 'imap-login',
		listeners: [
			{ name: 'imap', port: 143, ssl: false },
			{ name: 'imaps', port: 993, ssl: true },
		],
	},
	pop3: {
		protocol: 'pop3',
		login: 'pop3-login',
		listeners: [
			{ name: 'pop3', port: 110, ssl: false },
			{ name: 'pop3s', port: 995, ssl: true },
		],
	},
	sieve: { protocol: 'sieve', login: 'managesieve-login', listeners: [{ name: 'sieve', port: 4190, ssl: false }] },
} as const satisfies Record<DovecotKind, LoginService>;

export interface DovecotListener {
	readonly kind: DovecotKind;
	readonly name: string;
	readonly port: number;
	/** TLS from the first byte. */
	readonly ssl: boolean;
}

/** Every port that the enabled protocols listen on. A listener with port 0 is off. */
export function listenersOf(config: DovecotBlock): readonly DovecotListener[] {
	const enabled = (config.settings.get('protocols') ?? 'imap pop3 lmtp').split(/\s+/);
	const blocks = new Set(
		blocksOf(config, 'protocols', '').flatMap((block) => [...block.settings].filter(([, on]) => on === 'yes').map(([name]) => name)),
	);
	return (Object.keys(LOGIN_SERVICES) as DovecotKind[]).flatMap((kind) => {
		const { protocol, login, listeners } = LOGIN_SERVICES[kind];
		if (!enabled.includes(protocol) && !blocks.has(protocol)) return [];
		const found = new Map<string, DovecotListener>(listeners.map((listener) => [listener.name, { kind, ...listener }]));
		for (const service of blocksOf(config, 'service', login)) {
			for (const { kind: type, name, settings } of service.blocks) {
				if (type !== 'inet_listener') continue;
				const old = found.get(name) ?? { kind, name, port: 0, ssl: false };
				const [port, ssl] = [settings.get('port'), settings.get('ssl')];
				found.set(name, {
					...old,
					...(port === undefined ? {} : { port: Number(port) }),
					...(ssl === undefined ? {} : { ssl: ssl === 'yes' }),
				});
			}
		}
		return [...found.values()].filter(({ port }) => port > 0);
	});
}
