/** All formats of a record agree on host, port and security: each is read back and compared with the others. */
import { describe, expect, it } from 'vitest';
import { apple, appleStarttls } from '../clients/apple.ts';
import { parseAutoconfig, securityOfSocketType } from '../clients/autoconfig-document.ts';
import { autodiscoverRequest, parseAutodiscover } from '../clients/autodiscover-document.ts';
import { type ClientEnvironment, createClientEnvironment } from '../clients/client-environment.ts';
import { ioPimPacc } from '../clients/io-pim-discovery.ts';
import type { Outcome } from '../clients/outcome.ts';
import { srvServersOf } from '../clients/srv-records.ts';
import { fixtureNames } from '../support/fixture-records.ts';

type ServerLine = string;

function serverLine(kind: string, host: string, port: number | string, security: string): ServerLine {
	return `${kind} ${host}:${port} ${security}`;
}

/** Records that have no mail account, or one that Autodiscover cannot express: which formats then decline is in expressible-account.test.ts. */
const NO_ACCOUNT = ['policy-only', 'receive-only'];
const NOT_IN_AUTODISCOVER = ['oauth-only', 'autodiscover-elsewhere', 'autodiscover-other-url', 'autodiscover-other-address'];

/** Formats that describe IMAP, POP3 and submission completely. */
const COMPLETE_FORMATS = {
	async autoconfig({ fetch }: ClientEnvironment): Promise<readonly ServerLine[]> {
		const document = parseAutoconfig((await fetch('https://autoconfig.example.com/mail/config-v1.1.xml')).body);
		const sections = [...(document?.incoming ?? []), ...(document?.outgoing ?? [])];
		return sections.map(({ type, hostname, port, socketType }) =>
			serverLine(type, hostname ?? '', port ?? '', securityOfSocketType(socketType)),
		);
	},
	async autodiscover({ fetch }: ClientEnvironment): Promise<readonly ServerLine[]> {
		const init = { method: 'POST', body: autodiscoverRequest('alice@example.com') };
		const settings = parseAutodiscover((await fetch('https://autodiscover.example.com/autodiscover/autodiscover.xml', init)).body);
		const mail = (settings?.protocols ?? []).filter(({ value }) => value('Port') !== null);
		return mail.map(({ value }) => {
			const security = value('SSL') !== 'on' ? 'cleartext' : value('Encryption') === 'SSL' ? 'tls' : 'starttls';
			return serverLine((value('Type') ?? '').toLowerCase(), value('Server') ?? '', value('Port') ?? '', security);
		});
	},
	async srv({ dnsRecords }: ClientEnvironment): Promise<readonly ServerLine[]> {
		const records = await dnsRecords();
		const kinds = { imap: ['_imaps', '_imap'], pop3: ['_pop3s', '_pop3'], smtp: ['_submissions', '_submission'] };
		return Object.entries(kinds).flatMap(([kind, labels]) =>
			srvServersOf(records, labels).map(({ host, port, security }) => serverLine(kind, host, port, security)),
		);
	},
};

/** Formats with room for one server of each kind: what they say must be among what the others say. */
const PARTIAL_FORMATS = { apple, appleStarttls, pacc: ioPimPacc } as const satisfies Record<
	string,
	(world: ClientEnvironment) => Promise<Outcome>
>;

describe.each(fixtureNames())('%s', (fixture) => {
	it('is told alike in every format', async () => {
		const here = createClientEnvironment(fixture);
		const told = {
			autoconfig: await COMPLETE_FORMATS.autoconfig(here),
			autodiscover: await COMPLETE_FORMATS.autodiscover(here),
			srv: await COMPLETE_FORMATS.srv(here),
		};
		// Each pair of formats names the same servers in the same order.
		expect(told.autodiscover).toEqual(NOT_IN_AUTODISCOVER.includes(fixture) ? [] : told.autoconfig);
		// SRV records say of each service by itself whether it is there.
		if (!NO_ACCOUNT.includes(fixture)) expect(told.srv).toEqual(told.autoconfig);
		for (const [format, read] of Object.entries(PARTIAL_FORMATS)) {
			const outcome = await read(here);
			if ('rejected' in outcome) continue;
			for (const { kind, host, port, security } of [outcome.incoming, outcome.outgoing])
				expect(told.autoconfig, format).toContain(serverLine(kind, host, port, security));
		}
		if (!NO_ACCOUNT.includes(fixture)) expect(told.autoconfig.length).toBeGreaterThan(1);
	});
});
