import { describe, expect, it } from 'vitest';
import { isSocketOffer, resolve } from '../../src/model/config.ts';
import { parseRecord, parseRecordText, type ServiceRecord } from '../../src/model/record.ts';
import { recordWarnings } from '../../src/model/warnings.ts';
import { fixtureNames, fixtureText, NOW } from '../fixtures/fixtures.ts';
import { domain } from '../fixtures/names.ts';

const MINIMAL = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
};
const HOST = { host: 'mail.example.com' };

/** The minimal record with other services. */
const services = (written: unknown) => ({ ...MINIMAL, services: written });

function good(input: unknown): ServiceRecord {
	const parsed = parseRecord(input);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return parsed.value;
}

/** Ports of the offers on a day, `*` behind those with STARTTLS. */
function offers(input: unknown, day = '2026-11-23'): readonly string[] {
	const record = good(input);
	if (record.kind !== 'domain') throw new Error('an alias');
	const name = domain('example.com');
	const config = resolve(record, name, { kind: 'domain', domain: name }, Date.parse(`${day}T00:00:00Z`));
	if (!config.ok) throw new Error(config.error.reason);
	return config.value.offers.filter(isSocketOffer).map(({ port, security }) => `${port}${security === 'tls' ? '' : '*'}`);
}

describe('a record', () => {
	it.each(fixtureNames())('of every shape released still parses: %s', (name) => {
		expect(parseRecordText(fixtureText(name))).toHaveProperty('ok', true);
	});

	it('at its shortest gives 993, then 465, then 587', () => {
		expect(offers(MINIMAL)).toEqual(['993', '465', '587*']);
	});

	const ordered: readonly (readonly [string, unknown, readonly string[]])[] = [
		['no fallback', services({ submission: { ...HOST, starttls: null } }), ['465']],
		['a fallback for IMAP', services({ imap: { ...HOST, starttls: 143 }, submission: HOST }), ['993', '143*', '465', '587*']],
		['no implicit TLS', services({ submission: { ...HOST, implicit: null } }), ['587*']],
		['sieve, which has one port', services({ sieve: HOST }), ['4190*']],
		['written in any order', services({ submission: HOST, pop3: HOST, imap: HOST }), ['993', '995', '465', '587*']],
		['other ports', services({ submission: { ...HOST, implicit: 2465, starttls: 2587 } }), ['2465', '2587*']],
	];
	it.each(ordered)('with %s', (_, record, ports) => {
		expect(offers(record)).toEqual(ports);
	});

	const ending = services({ submission: { ...HOST, starttls: { port: 587, until: '2027-06-30' } } });
	it('ends its fallback on the day', () => {
		expect(offers(ending, '2027-06-29')).toEqual(['465', '587*']);
		expect(offers(ending, '2027-06-30')).toEqual(['465']);
		expect(offers(ending, '2027-07-01')).toEqual(['465']);
	});

	const taken: readonly (readonly [string, unknown])[] = [
		['a schema for editors', { ...MINIMAL, $schema: 'https://signpost.example/record.schema.json' }],
		['no services at all', services({})],
		['an alias', { kind: 'alias', of: 'BÜCHER.example' }],
		['a host for whichever domain asks', services({ imap: { host: 'imap.%EMAILDOMAIN%' } })],
		['a mode of none without mx', { ...MINIMAL, mtaSts: { mode: 'none' } }],
	];
	it.each(taken)('may have %s', (_, record) => {
		good(record);
	});

	const refused: readonly (readonly [string, unknown, string, RegExp])[] = [
		['nothing', {}, 'kind', /missing/],
		['null', null, '', /kind|object|"domain"/],
		['another kind', { kind: 'x' }, 'kind', /"domain" or "alias"/],
		['an unknown field', { ...MINIMAL, foo: 1 }, 'foo', /not a field/],
		['an unknown field inside', services({ imap: { ...HOST, ssl: true } }), 'services.imap.ssl', /not a field/],
		['an unknown service', services({ smtp: HOST }), 'services.smtp', /not a field/],
		['services in a list', services([]), 'services', /object/],
		['no provider', { ...MINIMAL, provider: undefined }, 'provider', /missing/],
		['no name', { ...MINIMAL, provider: {} }, 'provider.name', /missing/],
		['an empty name', { ...MINIMAL, provider: { name: ' ' } }, 'provider.name', /empty/],
		['a name of two lines', { ...MINIMAL, provider: { name: 'a\nb' } }, 'provider.name', /line breaks/],
		['61 characters', { ...MINIMAL, provider: { name: 'x'.repeat(61) } }, 'provider.name', /60/],
		['no host', services({ imap: {} }), 'services.imap.host', /missing/],
		['an IP address', services({ imap: { host: '192.0.2.1' } }), 'services.imap.host', /host name/],
		['a URL for a host', services({ imap: { host: 'https://a.example' } }), 'services.imap.host', /host name/],
		['port 0', services({ imap: { ...HOST, implicit: 0 } }), 'services.imap.implicit', /at least 1/],
		['port 65536', services({ imap: { ...HOST, implicit: 65536 } }), 'services.imap.implicit', /65535/],
		['a port in quotes', services({ imap: { ...HOST, implicit: '993' } }), 'services.imap.implicit', /port number/],
		['nothing offered', services({ imap: { ...HOST, implicit: null } }), 'services.imap', /offers nothing/],
		['one port for both', services({ imap: { ...HOST, starttls: 993 } }), 'services.imap', /same port/],
		[
			'a day that is none',
			services({ submission: { ...HOST, starttls: { port: 587, until: '2027-02-30' } } }),
			'services.submission.starttls.until',
			/calendar/,
		],
		[
			'a day in words',
			services({ submission: { ...HOST, starttls: { port: 587, until: 'soon' } } }),
			'services.submission.starttls.until',
			/date/,
		],
		['plain http', services({ jmap: { url: 'http://a.example/' } }), 'services.jmap.url', /https/],
		['an unknown placeholder', { ...MINIMAL, login: '%EMAILADRESS%' }, 'login', /no placeholder/],
		['one login for all', { ...MINIMAL, login: 'mail' }, 'login', /same login/],
		['an alias of an IP address', { kind: 'alias', of: '192.0.2.1' }, 'of', /domain name/],
		['an alias with services', { kind: 'alias', of: 'a.example', services: {} }, 'services', /not a field/],
		['a policy without mx', { ...MINIMAL, mtaSts: { mode: 'enforce' } }, 'mtaSts', /mx/],
		['a policy for two years', { ...MINIMAL, mtaSts: { mode: 'none', maxAge: 63072000 } }, 'mtaSts.maxAge', /31557600/],
		['reports by carrier pigeon', { ...MINIMAL, tlsRpt: { rua: ['pigeon:coop'] } }, 'tlsRpt.rua.0', /mailto/],
		['auth twice', services({ imap: { ...HOST, auth: ['password', 'password'] } }), 'services.imap.auth', /repeat/],
		['cleartext', services({ imap: { ...HOST, security: 'none' } }), 'services.imap.security', /not a field/],
	];
	it.each(refused)('is refused with %s', (_, record, path, reason) => {
		const parsed = parseRecord(record);
		const faults = parsed.ok ? [] : parsed.error;
		expect(faults.map((fault) => fault.path)).toContain(path);
		expect(faults.find((fault) => fault.path === path)?.reason).toMatch(reason);
	});

	it('is told every fault at once', () => {
		const parsed = parseRecord({ kind: 'domain', provider: {}, services: { imap: { host: 'x' } }, more: 1 });
		expect(parsed.ok ? [] : parsed.error.map(({ path }) => path)).toEqual(['provider.name', 'services.imap.host', 'more']);
	});

	it('must be JSON', () => {
		expect(parseRecordText('{')).toEqual({ ok: false, error: [{ path: '', reason: 'is not JSON' }] });
	});

	it('names the field that the asking domain breaks', () => {
		const record = good(services({ imap: { host: `${'a'.repeat(60)}.${'b'.repeat(60)}.%EMAILDOMAIN%` } }));
		const name = domain(`${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.example`);
		if (record.kind !== 'domain') throw new Error('an alias');
		expect(resolve(record, name, { kind: 'domain', domain: name }, NOW)).toMatchObject({
			ok: false,
			error: { path: 'services.imap.host' },
		});
	});
});

describe('warnings', () => {
	const warned: readonly (readonly [string, unknown, readonly string[]])[] = [
		['nothing', MINIMAL, []],
		['an alias', { kind: 'alias', of: 'a.example' }, []],
		['no implicit TLS', services({ imap: HOST, submission: { ...HOST, implicit: null } }), ['no-implicit-tls']],
		['STARTTLS elsewhere', services({ imap: HOST, submission: { ...HOST, starttls: 2587 } }), ['starttls-port']],
		[
			'a fallback that ended today',
			services({ imap: HOST, submission: { ...HOST, starttls: { port: 587, until: '2026-11-23' } } }),
			['fallback-ended'],
		],
		['a fallback that ends tomorrow', services({ imap: HOST, submission: { ...HOST, starttls: { port: 587, until: '2026-11-24' } } }), []],
		['a login template', { ...MINIMAL, login: 'x-%EMAILLOCALPART%' }, ['login-template']],
		['OAuth alone, and nowhere', services({ imap: { ...HOST, auth: ['oauth2'] }, submission: HOST }), ['oauth-only', 'oauth-undeclared']],
		['a long name', { ...MINIMAL, provider: { name: 'x'.repeat(31) } }, ['long-name']],
		['nothing to read with', services({ submission: HOST }), ['no-incoming']],
		['nothing to send with', services({ imap: HOST }), ['no-submission']],
		['a policy of a day', { ...MINIMAL, mtaSts: { mode: 'enforce', mx: ['mx.a.example'], maxAge: 86400 } }, ['short-max-age']],
	];
	it.each(warned)('of %s', (_, record, codes) => {
		expect(recordWarnings(good(record), '2026-11-23').map(({ code }) => code)).toEqual(codes);
	});
});
