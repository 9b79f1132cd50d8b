import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/model/config.ts';
import { type Domain, parseEmailAddress } from '../../src/model/names.ts';
import { parseRecord } from '../../src/model/record.ts';
import { fillThunderbirdQr, thunderbirdQrTemplate } from '../../src/protocols/thunderbird-qr.ts';

const DOMAIN = 'domain.example' as Domain;

function template(services: object, more: object = {}): string | null {
	const record = parseRecord({ kind: 'domain', provider: { name: 'E' }, services, ...more });
	if (!record.ok || record.value.kind !== 'domain') throw new Error(JSON.stringify(record));
	const config = resolveConfig(record.value, DOMAIN, { kind: 'domain', domain: DOMAIN }, 0);
	if (!config.ok) throw new Error(JSON.stringify(config));
	return thunderbirdQrTemplate(config.value);
}

function payload(text: string | null, typed: string): unknown {
	const address = parseEmailAddress(typed);
	if (text === null || address === null) throw new Error(`no payload for ${typed}`);
	const filled = fillThunderbirdQr(text, address);
	return filled === null ? null : JSON.parse(filled);
}

const SERVICES = { imap: { host: 'imap.domain.example' }, submission: { host: 'smtp.domain.example' } };

describe('the QR code for Thunderbird on Android', () => {
	it('is the example of its specification, but for the name of the person', () => {
		expect(payload(template(SERVICES), 'user@domain.example')).toEqual([
			1,
			[1, 1],
			[0, 'imap.domain.example', 993, 3, 1, 'user@domain.example'],
			[
				[
					[0, 'smtp.domain.example', 465, 3, 1, 'user@domain.example'],
					['user@domain.example', ''],
				],
			],
		]);
	});

	it.each([
		[
			'STARTTLS where there is nothing else',
			{ ...SERVICES, submission: { host: 'smtp.domain.example', implicit: null } },
			[0, 993, 3],
			[587, 2],
		],
		['POP3 where there is no IMAP', { pop3: { host: 'pop.domain.example' }, submission: SERVICES.submission }, [1, 995, 3], [465, 3]],
		['a port of its own', { ...SERVICES, imap: { host: 'imap.domain.example', implicit: 1993 } }, [0, 1993, 3], [465, 3]],
	])('%s', (_, services, [protocol, port, security], outgoing) => {
		expect(payload(template(services), 'user@domain.example')).toEqual([
			1,
			[1, 1],
			[protocol, expect.any(String), port, security, 1, 'user@domain.example'],
			[
				[
					[0, 'smtp.domain.example', ...outgoing, 1, 'user@domain.example'],
					['user@domain.example', ''],
				],
			],
		]);
	});

	it('takes the server that accepts a password, and is not there without one', () => {
		const oauth = { issuer: 'https://l.example', authUrl: 'https://l.example/a', tokenUrl: 'https://l.example/t', scope: 'mail' };
		expect(template(SERVICES, { oauth })).not.toBeNull();
		expect(template({ ...SERVICES, imap: { host: 'imap.domain.example', auth: ['oauth2'] } }, { oauth })).toBeNull();
		expect(template({ imap: SERVICES.imap })).toBeNull();
		expect(template({ submission: SERVICES.submission })).toBeNull();
	});

	it('holds any address that the format allows, and nothing in a place for a password', () => {
		const text = template(SERVICES, { login: '%EMAILLOCALPART%' });
		fc.assert(
			fc.property(fc.stringMatching(/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,40}$/), (local) => {
				const address = parseEmailAddress(`${local}@domain.example`);
				fc.pre(address !== null);
				expect(payload(text, `${local}@domain.example`)).toEqual([
					1,
					[1, 1],
					[0, 'imap.domain.example', 993, 3, 1, address?.local],
					[
						[
							[0, 'smtp.domain.example', 465, 3, 1, address?.local],
							[address?.text, ''],
						],
					],
				]);
			}),
		);
	});

	it('is not there for an address outside ASCII', () => {
		const address = { local: 'jürgen', domain: DOMAIN, text: 'jürgen@domain.example' };
		expect(fillThunderbirdQr(template(SERVICES) ?? '', address)).toBeNull();
	});
});
