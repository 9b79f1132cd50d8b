/** A keeper of custom hostnames with records that a test saves and deletes, and Cloudflare in memory. */
import { createCustomHostnamesApi } from '../../src/hostnames/custom-hostnames-api.ts';
import type { ProviderTransport } from '../../src/lib/http/provider-request.ts';
import { HostnameKeeper } from '../../src/store/objects/hostnames/hostname-keeper.ts';
import type { WantedHostnames } from '../../src/store/ports/custom-hostnames.ts';
import type { ObjectPlatform } from '../../src/store/ports/platform.ts';

const ACCESS = { url: 'https://api.example', zoneId: '023e105f4ecef8ad9ca31a8372d0c353', token: 'secret' };

export interface HostnameWorldOptions {
	readonly transport: ProviderTransport;
	readonly limit?: number;
	readonly graceMs: number;
}

export interface HostnameWorld {
	/** Another instance over the same data, as after a restart. */
	readonly start: () => HostnameKeeper;
	/** Saves a record that asks for these hostnames; null deletes it. */
	readonly save: (domain: string, hostnames: readonly string[] | null) => void;
	/** Makes the record one that nobody can evaluate. */
	readonly spoil: (domain: string) => void;
	readonly setAlias: (alias: string, domain: string) => void;
	/** Whether the keepers of the records answer. */
	readonly keepers: { areDown: boolean };
	/** The domains whose records were read, in order. */
	readonly reads: readonly string[];
	/** What happens once, after the next record was read and before it is looked at. */
	readonly afterRead: { once: (() => Promise<void>) | null };
	/** What a record asks for now. */
	readonly wanted: () => readonly string[];
	settings: { site: string; limit: number };
}

export function createHostnameWorld(platform: ObjectPlatform, { transport, limit = 100, graceMs }: HostnameWorldOptions): HostnameWorld {
	const records = new Map<string, WantedHostnames>();
	const aliases = new Map<string, string>();
	const reads: string[] = [];
	const keepers = { areDown: false };
	const afterRead: HostnameWorld['afterRead'] = { once: null };
	const settings = { site: 'signpost.example.net all', limit };
	const revisionAfter = (domain: string) => (records.get(domain)?.revision ?? 0) + 1;

	return {
		start: () =>
			new HostnameKeeper(platform, {
				api: createCustomHostnamesApi(ACCESS, transport),
				async readWanted(domain) {
					reads.push(domain);
					if (keepers.areDown) throw new Error('the keepers are down');
					const read = records.get(domain) ?? ({ kind: 'gone', revision: 0, at: null } as const);
					const { once } = afterRead;
					afterRead.once = null;
					await once?.();
					return read;
				},
				directory: {
					async listEntries({ after, limit: size }) {
						const rows = [...records].filter(([domain]) => domain > after).toSorted(([one], [other]) => (one < other ? -1 : 1));
						const entries = rows.slice(0, size).map(([domain, { kind, revision }]) => {
							const state = kind === 'gone' ? ('deleted' as const) : ('live' as const);
							return { domain, revision, state, tags: [], at: 0, digest: null };
						});
						return { entries, next: rows.length > size ? (entries.at(-1)?.domain ?? null) : null };
					},
					async listAliases(domain) {
						return { aliases: [...aliases].flatMap(([alias, of]) => (of === domain ? [alias] : [])), hidden: 0, unknown: 0, next: null };
					},
				},
				limit: settings.limit,
				graceMs,
				site: settings.site,
			}),
		save(domain, hostnames) {
			const revision = revisionAfter(domain);
			records.set(
				domain,
				hostnames === null ? { kind: 'gone', revision, at: platform.clock.now() } : { kind: 'live', revision, hostnames },
			);
		},
		spoil: (domain) => void records.set(domain, { kind: 'unclear', revision: revisionAfter(domain) }),
		setAlias: (alias, domain) => void aliases.set(alias, domain),
		keepers,
		reads,
		afterRead,
		wanted: () => [...records.values()].flatMap((record) => (record.kind === 'live' ? record.hostnames : [])),
		settings,
	};
}
