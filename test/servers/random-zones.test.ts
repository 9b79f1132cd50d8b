/**
 * Random zones on real, signed name servers: nsupdate applies the change, and the comparison after it is empty. UPDATE_RUNS says how many
 * zones each server gets.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLiveZone } from '../../src/cli/dns/read-live-zone.ts';
import { createResolver } from '../../src/cli/dns/resolver.ts';
import { bind } from '../../src/dns/formats/bind.ts';
import { freePort } from '../support/free-port.ts';
import { answersAt, drawZone, isOurs, lawful, OUTSIDE, randomZone, SITE } from '../support/random-zones.ts';
import { compareLive, toZoneRecord, type ZoneRecord } from '../support/zone-model.ts';
import { type Daemon, startDaemon } from './name-server-daemon.ts';

const RUNS = Number(process.env.UPDATE_RUNS ?? 30);
const ZONE = 'example.com';

/** Zones of others, to which names of ours may lead. */
const OTHER_ZONES = ['example.net', 'example.org', 'outlook.com'] as const;

const SERVERS = [
	{
		program: 'named',
		ready: 'running',
		file: 'named.conf',
		args: (file: string) => ['-g', '-c', file],
		settings: (
			folder: string,
			port: number,
		) => `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  pid-file none; session-keyfile "${folder}/key"; recursion no; check-names primary ignore; minimal-responses no; };
controls { };
zone "${ZONE}" { type primary; file "${ZONE}.db"; dnssec-policy default; inline-signing no; allow-update { 127.0.0.1; }; };
${OTHER_ZONES.map((zone) => `zone "${zone}" { type primary; file "${zone}.db"; };`).join('\n')}
`,
	},
	{
		program: 'knotd',
		ready: 'zone file updated',
		file: 'knot.conf',
		args: (file: string) => ['-c', file],
		settings: (folder: string, port: number) => `server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
log:
  - target: stderr
    any: info
database:
    storage: ${folder}
acl:
  - id: update
    address: 127.0.0.1
    action: update
zone:
  - domain: ${ZONE}
    storage: ${folder}
    file: ${ZONE}.db
    dnssec-signing: on
    acl: update
${OTHER_ZONES.map((zone) => `  - domain: ${zone}\n    storage: ${folder}\n    file: ${zone}.db`).join('\n')}
`,
	},
] as const;

const isMissing = (program: string) => spawnSync(program, ['-V']).error !== undefined;
for (const { program } of SERVERS) if (isMissing(program)) process.stdout.write(`skipped: ${program} is not on this machine\n`);

const line = ({ name, type, data }: ZoneRecord) => `${name}. 300 ${type} ${data}`;
const isBelow = (name: string, zone: string) => name === zone || name.endsWith(`.${zone}`);

describe.each(SERVERS)('$program', ({ program, ready, file, args, settings }) => {
	const isLeftOut = isMissing(program) || isMissing('nsupdate');
	let folder: string;
	let port: number;
	let daemon: Daemon | undefined;

	beforeAll(async () => {
		if (isLeftOut) return;
		folder = await mkdtemp(join(tmpdir(), 'signpost-random-'));
		port = await freePort();
		for (const zone of [ZONE, ...OTHER_ZONES]) {
			const records = zone === ZONE ? [] : OUTSIDE.filter(({ name }) => isBelow(name, zone));
			const head = `$ORIGIN ${zone}.\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 900 604800 300\n@ IN NS ns\nns IN A 192.0.2.1\n`;
			await writeFile(join(folder, `${zone}.db`), `${head}${records.map(line).join('\n')}\n`);
		}
		await writeFile(join(folder, file), settings(folder, port));
		daemon = await startDaemon(program, args(join(folder, file)), ready);
	}, 60_000);

	afterAll(async () => {
		await daemon?.stop();
		if (!isLeftOut) await rm(folder, { recursive: true });
	});

	const update = (script: string) => {
		const { status, stderr } = spawnSync('nsupdate', [], {
			input: `server 127.0.0.1 ${port}\ncheck-names no\n${script}`,
			encoding: 'utf8',
		});
		if (status !== 0) throw new Error(`nsupdate: ${stderr}\n${script}`);
	};

	it.skipIf(isLeftOut)(
		'takes the change of random zones, of others nothing is gone, and nothing is left to change',
		async () => {
			let before: readonly ZoneRecord[] = [];
			let applied = 0;
			await fc.assert(
				fc.asyncProperty(randomZone, async (choice) => {
					const { asking } = choice;
					const drawn = await drawZone(choice);
					const { expected, promised } = drawn;
					// The apex has SOA and NS, beside which no CNAME can stand.
					const zone = lawful(drawn.records).filter(({ name, type }) => isBelow(name, ZONE) && !(name === ZONE && type === 'CNAME'));
					// Two messages: Knot looks for what stands below a DNAME before the removals of the same message count.
					update(`zone ${ZONE}.\n${before.map(({ name, type }) => `update delete ${name}. ${type}`).join('\n')}\nsend\n`);
					update(`zone ${ZONE}.\n${zone.map((record) => `update add ${line(record)}`).join('\n')}\nsend\n`);
					before = zone;
					const compare = async () => {
						const resolver = createResolver(`127.0.0.1:${port}`, 5000);
						if (!resolver.ok) throw new Error(resolver.error.message);
						const live = await readLiveZone(resolver.value, asking, SITE.host);
						if (!live.ok) throw new Error(live.error.message);
						return compareLive(live.value, { domain: asking, site: SITE.host, expected, promised, answersAt, prune: false });
					};
					const first = await compare();
					for (const { remove } of first.changes)
						for (const record of remove)
							expect({ record, ours: isOurs(record, [...OUTSIDE, ...zone], drawn) }).toMatchObject({ ours: true });
					if (first.changes.length > 0) {
						update(bind.renderChange({ domain: asking, origin: ZONE }, first.changes).text);
						before = [...before, ...first.changes.flatMap(({ add }) => add.map(toZoneRecord))];
						applied++;
					}
					expect((await compare()).changes).toEqual([]);
				}),
				{ numRuns: RUNS },
			);
			expect(applied).toBeGreaterThan(RUNS / 2);
		},
		600_000,
	);
});
