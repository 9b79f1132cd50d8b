/**
 * The settings of a Dovecot configuration as they hold for single protocols, networks and names (`protocol`, `local`, `remote`,
 * `local_name`).
 */
import { coversEverything, isLoopbackList, isPrivateList, parseNetworks } from '../networks.ts';
import { DOVECOT_KINDS, type DovecotKind, LOGIN_SERVICES } from './dovecot-listeners.ts';
import type { DovecotBlock } from './parse-dovecot.ts';

export interface DovecotScope {
	/** The name of the scope in findings, such as `protocol imap`; empty for the whole file. */
	readonly place: string;
	/** The kinds of offer to which it applies. */
	readonly kinds: readonly DovecotKind[];
	/** The clients to which it applies: anybody, only private networks, or only this machine. */
	readonly clients: 'anybody' | 'private networks' | 'this machine';
	/** The settings of the scope itself. */
	readonly own: ReadonlyMap<string, string>;
	/** The value that applies in the scope: its own, else that of the scopes around it. */
	readonly value: (name: string) => string | undefined;
}

const FILTERS = ['protocol', 'local', 'remote', 'local_name'];
/** `ssl_server { cert_file = … }` is how 2.4 writes and prints ssl_server_cert_file. */
const PREFIX_BLOCKS = ['ssl', 'ssl_server'];

export function scopesOf(config: DovecotBlock): readonly DovecotScope[] {
	const own = ownSettings(config);
	const root: DovecotScope = { place: '', kinds: DOVECOT_KINDS, clients: 'anybody', own, value: (name) => own.get(name) };
	return [root, ...innerScopes(config, root)];
}

function innerScopes(block: DovecotBlock, around: DovecotScope): readonly DovecotScope[] {
	return block.blocks
		.filter(({ kind }) => FILTERS.includes(kind))
		.flatMap((inner) => {
			const own = ownSettings(inner);
			const scope: DovecotScope = {
				place: [around.place, `${inner.kind} ${inner.name}`].filter((part) => part !== '').join(', '),
				kinds: inner.kind === 'protocol' ? around.kinds.filter((kind) => isProtocol(inner.name, kind)) : around.kinds,
				clients: clientsOf(inner, around.clients),
				own,
				value: (name) => own.get(name) ?? around.value(name),
			};
			return [scope, ...innerScopes(inner, scope)];
		});
}

function ownSettings(block: DovecotBlock): ReadonlyMap<string, string> {
	const settings = new Map(block.settings);
	for (const inner of block.blocks)
		if (PREFIX_BLOCKS.includes(inner.kind) && inner.name === '')
			for (const [name, value] of ownSettings(inner)) settings.set(`${inner.kind}_${name}`, value);
	return settings;
}

/** Whether a block such as `protocol imap` or `protocol !lmtp` applies to a kind of offer. */
function isProtocol(name: string, kind: DovecotKind): boolean {
	const { protocol } = LOGIN_SERVICES[kind];
	return name.startsWith('!') ? name.slice(1) !== protocol : name.split(/\s+/).includes(protocol);
}

function clientsOf({ kind, name }: DovecotBlock, around: DovecotScope['clients']): DovecotScope['clients'] {
	if (around === 'this machine' || (kind !== 'local' && kind !== 'remote')) return around;
	const networks = parseNetworks(name);
	if (isLoopbackList(networks)) return 'this machine';
	return kind === 'remote' && isPrivateList(networks) && !coversEverything(networks) ? 'private networks' : around;
}
