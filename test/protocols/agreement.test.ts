/** All formats of a record agree on host, port and security: each is read back, and held against each other. */
import { describe, expect, it } from 'vitest';
import { apple, appleStarttls } from '../clients/apple.ts';
import { readDocument, securityOf } from '../clients/autoconfig-document.ts';
import { readSettings, request } from '../clients/autodiscover-document.ts';
import { ioPimPacc } from '../clients/io-pim-discovery.ts';
import type { Outcome } from '../clients/outcome.ts';
import { offersOf } from '../clients/srv-reader.ts';
import { type World, world } from '../clients/world.ts';
import { fixtureNames } from '../fixtures/fixtures.ts';

type Fact = string;

function fact(kind: string, host: string, port: number | string, security: string): Fact {
	return `${kind} ${host}:${port} ${security}`;
}

/** Complete formats: each tells everything about IMAP, POP3 and submission. */
const COMPLETE = {
	async autoconfig({ ask }: World): Promise<readonly Fact[]> {
		const document = readDocument((await ask('https://autoconfig.example.com/mail/config-v1.1.xml')).body);
		const sections = [...(document?.incoming ?? []), ...(document?.outgoing ?? [])];
		return sections.map(({ type, hostname, port, socketType }) => fact(type, hostname ?? '', port ?? '', securityOf(socketType)));
	},
	async autodiscover({ ask }: World): Promise<readonly Fact[]> {
		const init = { method: 'POST', body: request('alice@example.com') };
		const settings = readSettings((await ask('https://autodiscover.example.com/autodiscover/autodiscover.xml', init)).body);
		const mail = (settings?.protocols ?? []).filter(({ value }) => value('Port') !== null);
		return mail.map(({ value }) => {
			const security = value('SSL') !== 'on' ? 'cleartext' : value('Encryption') === 'SSL' ? 'tls' : 'starttls';
			return fact((value('Type') ?? '').toLowerCase(), value('Server') ?? '', value('Port') ?? '', security);
		});
	},
	async srv({ dns }: World): Promise<readonly Fact[]> {
		const records = await dns();
		const kinds = { imap: ['_imaps', '_imap'], pop3: ['_pop3s', '_pop3'], smtp: ['_submissions', '_submission'] };
		return Object.entries(kinds).flatMap(([kind, labels]) =>
			offersOf(records, labels).map(({ host, port, security }) => fact(kind, host, port, security)),
		);
	},
};

/** Formats with room for one server a kind: what they tell must be among what the others tell. */
const PARTIAL = { apple, appleStarttls, pacc: ioPimPacc } as const satisfies Record<string, (world: World) => Promise<Outcome>>;

describe.each(fixtureNames())('%s', (fixture) => {
	it('is told alike in every format', async () => {
		const here = world(fixture);
		const told = {
			autoconfig: await COMPLETE.autoconfig(here),
			autodiscover: await COMPLETE.autodiscover(here),
			srv: await COMPLETE.srv(here),
		};
		// The same servers in the same order, pair by pair.
		expect(told.autodiscover).toEqual(told.autoconfig);
		expect(told.srv).toEqual(told.autoconfig);
		for (const [format, read] of Object.entries(PARTIAL)) {
			const outcome = await read(here);
			if ('rejected' in outcome) continue;
			for (const { kind, host, port, security } of [outcome.incoming, outcome.outgoing])
				expect(told.autoconfig, format).toContain(fact(kind, host, port, security));
		}
		if (fixture !== 'policy-only') expect(told.autoconfig.length).toBeGreaterThan(1);
	});
});
