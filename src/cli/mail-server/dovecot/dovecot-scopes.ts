/** The settings of a Dovecot configuration as they hold for single protocols, networks and names (`protocol`, `local`, `remote`, `local_name`). */
import { coversEverything, isLoopbackList, isPrivateList, parseNetworks } from '../networks.ts';
import { DOVECOT_KINDS, type DovecotKind, LOGIN_SERVICES } from './dovecot-listeners.ts';
import type { DovecotBlock } from './parse-dovecot.ts';

export interface DovecotScope {
	/** As findings name it, such as `protocol imap`; empty for the file as a whole. */
	readonly place: string;
	/** The kinds of offer that it holds for. */
	readonly kinds: readonly DovecotKind[];
	/** Whom it holds for: everybody who may be a stranger, private networks alone, or this machine alone. */
	readonly clients: 'anybody' | 'private networks' | 'this machine';
	/** What is set in the scope itself. */
	readonly own: ReadonlyMap<string, string>;
	/** What holds in it: its own settings, else those around it. */
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

/** `protocol imap`, `protocol !lmtp`. */
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
