/** Dovecot's log-in services and the ports that they listen on. */
import type { SocketOffer } from '../../../model/config.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { blocksOf, type DovecotBlock } from './parse-dovecot.ts';

/** Dovecot changed its settings' names with 2.4. */
export const DOVECOT_VERSIONS = ['2.3', '2.4'] as const;
export type DovecotVersion = (typeof DOVECOT_VERSIONS)[number];

/** The version of a configuration: 2.4 begins with a line that older versions do not have. */
export function dovecotVersion(config: DovecotBlock): DovecotVersion {
	return config.settings.has('dovecot_config_version') ? '2.4' : '2.3';
}

export type DovecotKind = SocketOffer['kind'];

interface LoginService {
	/** The name of the protocol in the setting `protocols`. */
	readonly protocol: string;
	readonly login: string;
	/** The names of the listeners that Dovecot has by default; null where it has none. */
	readonly cleartext: string;
	readonly implicit: string | null;
}

// Defaults of 2.3 and 2.4 (doveconf -d); ManageSieve has one port.
export const LOGIN_SERVICES = {
	imap: { protocol: 'imap', login: 'imap-login', cleartext: 'imap', implicit: 'imaps' },
	pop3: { protocol: 'pop3', login: 'pop3-login', cleartext: 'pop3', implicit: 'pop3s' },
	smtp: { protocol: 'submission', login: 'submission-login', cleartext: 'submission', implicit: 'submissions' },
	sieve: { protocol: 'sieve', login: 'managesieve-login', cleartext: 'sieve', implicit: null },
} as const satisfies Record<DovecotKind, LoginService>;

export const DOVECOT_KINDS = Object.keys(LOGIN_SERVICES) as readonly DovecotKind[];

export interface DovecotListener {
	readonly kind: DovecotKind;
	readonly name: string;
	readonly port: number;
	/** Whether it speaks TLS from the first byte. */
	readonly ssl: boolean;
	/** The addresses that it is bound to; empty where `listen` decides. */
	readonly addresses: readonly string[];
	/** Whether a proxy in front of it sends the client's address first (HAProxy protocol). */
	readonly haproxy: boolean;
}

/** The default listeners of a protocol. 2.3 has none for submission with implicit TLS. */
export function defaultListeners(kind: DovecotKind, version: DovecotVersion): readonly DovecotListener[] {
	const { cleartext, implicit } = LOGIN_SERVICES[kind];
	const ports = Object.values(SOCKET_SERVICES).find((service) => service.kind === kind);
	if (ports === undefined) return [];
	const plain = { kind, addresses: [], haproxy: false };
	const first = { ...plain, name: cleartext, port: ports.registeredStarttls, ssl: false };
	if (implicit === null || ports.implicit === null || (kind === 'smtp' && version === '2.3')) return [first];
	return [first, { ...plain, name: implicit, port: ports.implicit, ssl: true }];
}

/** The enabled protocols; without a setting, imap, pop3 and lmtp, which are built in. */
export function enabledProtocols(config: DovecotBlock): ReadonlySet<string> {
	const blocks = blocksOf(config, 'protocols', '');
	const list = config.settings.get('protocols') ?? (blocks.length === 0 ? 'imap pop3 lmtp' : '');
	const enabled = new Set(list.split(/\s+/).filter((word) => word !== ''));
	for (const { settings } of blocks)
		for (const [name, on] of settings) {
			if (on === 'yes') enabled.add(name);
			else enabled.delete(name);
		}
	return enabled;
}

/** Every port that the enabled protocols listen on. A listener with port 0 is off. */
export function listenersOf(config: DovecotBlock): readonly DovecotListener[] {
	const enabled = enabledProtocols(config);
	return DOVECOT_KINDS.flatMap((kind) => {
		const { protocol, login } = LOGIN_SERVICES[kind];
		if (!enabled.has(protocol)) return [];
		const found = new Map(defaultListeners(kind, dovecotVersion(config)).map((listener) => [listener.name, listener]));
		for (const service of blocksOf(config, 'service', login))
			for (const block of service.blocks) {
				if (block.kind !== 'inet_listener') continue;
				const old = found.get(block.name) ?? { kind, name: block.name, port: 0, ssl: false, addresses: [], haproxy: false };
				found.set(block.name, changedListener(old, block.settings));
			}
		return [...found.values()].filter(({ port }) => port !== 0);
	});
}

function changedListener(listener: DovecotListener, settings: ReadonlyMap<string, string>): DovecotListener {
	const [port, ssl, haproxy] = [settings.get('port'), settings.get('ssl'), settings.get('haproxy')];
	// 2.3 calls it address, 2.4 listen.
	const addresses = settings.get('address') ?? settings.get('listen');
	return {
		...listener,
		...(port === undefined ? {} : { port: Number(port) }),
		...(ssl === undefined ? {} : { ssl: ssl === 'yes' }),
		...(haproxy === undefined ? {} : { haproxy: haproxy === 'yes' }),
		...(addresses === undefined ? {} : { addresses: splitAddresses(addresses) }),
	};
}

export function splitAddresses(text: string): readonly string[] {
	return text.split(/[\s,]+/).filter((word) => word !== '');
}

const LOOPBACK = /^\[?(?:127\.|::1\]?$|localhost$)/i;

/** Whether only programs on the same machine can reach these addresses. */
export function isLoopbackOnly(addresses: readonly string[]): boolean {
	return addresses.length > 0 && addresses.every((address) => LOOPBACK.test(address));
}
