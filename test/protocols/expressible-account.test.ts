/**
 * A format that cannot express an account declines it. Over every shape of a record (which services there are, and how one logs in to each)
 * and every format, the document that is really served is read back with parsers that are not the product's.
 */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/model/config.ts';
import { type DomainRecord, parseRecord } from '../../src/model/record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { autoconfig } from '../../src/protocols/autoconfig.ts';
import { autodiscoverJson } from '../../src/protocols/autodiscover-json.ts';
import { autodiscoverXml } from '../../src/protocols/autodiscover-xml.ts';
import { ACCOUNT_FORMATS, type AccountFormat } from '../../src/protocols/expressible-account.ts';
import { mobileconfig } from '../../src/protocols/mobileconfig.ts';
import { pacc } from '../../src/protocols/pacc.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { thunderbirdQrTemplate } from '../../src/protocols/thunderbird-qr.ts';
import { parseAutoconfig } from '../clients/autoconfig-document.ts';
import { parseAutodiscover } from '../clients/autodiscover-document.ts';
import { NOW } from '../support/fixture-records.ts';
import { address, domain } from '../support/valid-names.ts';

const ALICE = address('alice@example.com');
const DOMAIN = domain('example.com');
const SITE = { host: domain('signpost.example.net'), names: 'all' as const };

/** How one logs in to a service; null: the record does not have it. */
const LOGINS = [null, ['password'], ['oauth2', 'password'], ['oauth2']] as const;
type Login = (typeof LOGINS)[number];

interface Shape {
	readonly imap: Login;
	readonly pop3: Login;
	readonly submission: Login;
	readonly jmap: Login;
	readonly caldav: Login;
}

const SHAPES: readonly Shape[] = LOGINS.flatMap((imap) =>
	LOGINS.flatMap((pop3) =>
		LOGINS.flatMap((submission) => [null, ['oauth2'] as const].flatMap((jmap) => [{ imap, pop3, submission, jmap, caldav: jmap }])),
	),
).filter((shape) => Object.values(shape).some((login) => login !== null));

function recordOf(shape: Shape): DomainRecord {
	const services = Object.entries(shape).flatMap(([name, auth]): readonly (readonly [string, object])[] => {
		if (auth === null) return [];
		return [
			[name, name === 'jmap' || name === 'caldav' ? { url: `https://${name}.example.com/a`, auth } : { host: `${name}.example.com`, auth }],
		];
	});
	const oauth = { issuer: 'https://a.example', authUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t', scope: 'mail' };
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'Example' }, services: Object.fromEntries(services), oauth });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error(JSON.stringify(parsed));
	return parsed.value;
}

/** What a document tells of mail: the kinds of servers in it, best first. Null where there is no document. */
interface Told {
	readonly incoming: readonly string[];
	readonly outgoing: readonly string[];
}

function served(protocol: Protocol, record: DomainRecord, endpointAt = 0): string | null {
	const endpoint = protocol.endpoints[endpointAt];
	if (endpoint === undefined) throw new Error('no such endpoint');
	const query = endpoint.parseRequest(endpoint.sampleRequest(ALICE, endpoint.locations[0]));
	if (!query.ok) throw new Error(query.error.code);
	const answer = answerQuery(
		query.value,
		{ domain: DOMAIN, key: 'record:example.com', foundUnder: 'record:example.com', record },
		null,
		NOW,
	);
	return answer.ok ? answer.value.body : null;
}

const sides = (kinds: readonly string[]): Told => ({
	incoming: kinds.filter((kind) => kind === 'imap' || kind === 'pop3'),
	outgoing: kinds.filter((kind) => kind === 'smtp'),
});

const READERS: Record<AccountFormat, (record: DomainRecord) => Told | null> = {
	autoconfig(record) {
		const body = served(autoconfig, record);
		const document = body === null ? null : parseAutoconfig(body);
		return document === null ? null : sides([...document.incoming, ...document.outgoing].map(({ type }) => type));
	},
	autodiscover(record) {
		const settings = parseAutodiscover(served(autodiscoverXml, record) ?? '');
		return settings === null ? null : sides(settings.protocols.map(({ value }) => (value('Type') ?? '').toLowerCase()));
	},
	mobileconfig(record) {
		const body = served(mobileconfig, record);
		if (body === null) return null;
		const incoming = body.includes('EmailTypePOP') ? ['pop3'] : body.includes('EmailTypeIMAP') ? ['imap'] : [];
		return { incoming, outgoing: body.includes('OutgoingMailServerHostName') ? ['smtp'] : [] };
	},
	pacc(record) {
		const body = served(pacc, record);
		if (body === null) return null;
		const { protocols } = JSON.parse(body);
		const kinds = Object.keys(protocols).filter((name) => name !== 'submit');
		// JMAP reads and sends.
		return kinds.includes('jmap') && !kinds.includes('imap') && !kinds.includes('pop3') && !kinds.includes('smtp')
			? { incoming: ['jmap'], outgoing: ['jmap'] }
			: sides(kinds);
	},
	'thunderbird-qr'(record) {
		const config = resolveConfig(record, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
		const template = config.ok ? thunderbirdQrTemplate(config.value) : null;
		if (template === null) return null;
		const [, , [incoming], [[[outgoing]]]] = JSON.parse(template);
		return { incoming: [['imap', 'pop3'][incoming] ?? ''], outgoing: outgoing === 3 || outgoing === 0 ? ['smtp'] : [] };
	},
};

const KNOWS_PASSWORDS_ALONE: readonly AccountFormat[] = ['autodiscover', 'mobileconfig', 'thunderbird-qr'];
const HOLDS_ONE_SERVER_OF_A_KIND: readonly AccountFormat[] = ['mobileconfig', 'thunderbird-qr'];

/** What the format should tell, worked out from the shape alone. */
function expected(format: AccountFormat, shape: Shape): Told | null {
	const tells = (login: Login) =>
		login !== null && (!KNOWS_PASSWORDS_ALONE.includes(format) || (login as readonly string[]).includes('password'));
	const incoming = (['imap', 'pop3'] as const).filter((name) => tells(shape[name]));
	const complete = incoming.length > 0 && tells(shape.submission);
	if (!complete) return format === 'pacc' && shape.jmap !== null ? { incoming: ['jmap'], outgoing: ['jmap'] } : null;
	if (format === 'pacc') {
		// PACC has one list of methods for everything in the document.
		const methods = new Set(
			Object.values(shape)
				.filter((login) => login !== null)
				.map((login: readonly string[]) => login.join()),
		);
		if (methods.size > 1) return null;
	}
	return { incoming: HOLDS_ONE_SERVER_OF_A_KIND.includes(format) ? incoming.slice(0, 1) : incoming, outgoing: ['smtp'] };
}

describe.each(ACCOUNT_FORMATS)('%s', (format) => {
	it('tells a whole account with a way to log in, or nothing', () => {
		for (const shape of SHAPES) {
			const told = READERS[format](recordOf(shape));
			const unique = told === null ? null : { incoming: told.incoming, outgoing: [...new Set(told.outgoing)] };
			expect(unique, JSON.stringify(shape)).toEqual(expected(format, shape));
		}
	});
});

describe('Autodiscover', () => {
	it('is pointed to, by JSON and in DNS, where it has something to tell', async () => {
		for (const shape of SHAPES) {
			const record = recordOf(shape);
			const config = resolveConfig(record, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
			const records = config.ok ? await autodiscoverXml.dnsRecords?.(config.value, SITE, []) : undefined;
			const pointers = [served(autodiscoverJson, record) !== null, served(autodiscoverJson, record, 1) !== null, records?.length];
			expect(pointers, JSON.stringify(shape)).toEqual(expected('autodiscover', shape) === null ? [false, false, 0] : [true, true, 2]);
		}
	});

	it('has no calendar whose password it would have to invent', () => {
		const record = recordOf({ imap: ['password'], pop3: null, submission: ['password'], jmap: null, caldav: ['oauth2'] });
		expect(served(autodiscoverXml, record)).not.toContain('CalDAV');
		expect(served(mobileconfig, record)).not.toContain('caldav');
		expect(served(autoconfig, record)).toContain('caldav');
	});
});
