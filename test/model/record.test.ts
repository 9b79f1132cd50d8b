import { describe, expect, it } from 'vitest';
import { isSocketOffer, resolveConfig } from '../../src/model/config.ts';
import { parseRecord, parseRecordText, type ServiceRecord } from '../../src/model/record.ts';
import { recordWarnings } from '../../src/model/warnings.ts';
import { fixtureNames, fixtureText, NOW } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const MINIMAL = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
};
const HOST = { host: 'mail.example.com' };

/** The minimal record with other services. */
const withServices = (written: unknown) => ({ ...MINIMAL, services: written });

function validRecord(input: unknown): ServiceRecord {
	const parsed = parseRecord(input);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return parsed.value;
}

/** The ports that are offered on a day; those with STARTTLS are followed by `*`. */
function offeredPorts(input: unknown, day = '2026-11-23'): readonly string[] {
	const record = validRecord(input);
	if (record.kind !== 'domain') throw new Error('an alias');
	const name = domain('example.com');
	const config = resolveConfig(record, name, { kind: 'domain', domain: name }, Date.parse(`${day}T00:00:00Z`));
	if (!config.ok) throw new Error(config.error.reason);
	return config.value.offers.filter(isSocketOffer).map(({ port, security }) => `${port}${security === 'tls' ? '' : '*'}`);
}

describe('a record', () => {
	it.each(fixtureNames())('of every shape released still parses: %s', (name) => {
		expect(parseRecordText(fixtureText(name))).toHaveProperty('ok', true);
	});

	it('at its shortest gives 993, then 465, then 587', () => {
		expect(offeredPorts(MINIMAL)).toEqual(['993', '465', '587*']);
	});

	const ordered: readonly (readonly [string, unknown, readonly string[]])[] = [
		['no fallback', withServices({ submission: { ...HOST, starttls: null } }), ['465']],
		['a fallback for IMAP', withServices({ imap: { ...HOST, starttls: 143 }, submission: HOST }), ['993', '143*', '465', '587*']],
		['no implicit TLS', withServices({ submission: { ...HOST, implicit: null } }), ['587*']],
		['sieve, which has one port', withServices({ sieve: HOST }), ['4190*']],
		['written in any order', withServices({ submission: HOST, pop3: HOST, imap: HOST }), ['993', '995', '465', '587*']],
		['other ports', withServices({ submission: { ...HOST, implicit: 2465, starttls: 2587 } }), ['2465', '2587*']],
	];
	it.each(ordered)('with %s', (_, record, ports) => {
		expect(offeredPorts(record)).toEqual(ports);
	});

	const ending = withServices({ submission: { ...HOST, starttls: { port: 587, until: '2027-06-30' } } });
	it('ends its fallback on the day', () => {
		expect(offeredPorts(ending, '2027-06-29')).toEqual(['465', '587*']);
		expect(offeredPorts(ending, '2027-06-30')).toEqual(['465']);
		expect(offeredPorts(ending, '2027-07-01')).toEqual(['465']);
	});

	const taken: readonly (readonly [string, unknown])[] = [
		['a schema for editors', { ...MINIMAL, $schema: 'https://signpost.example/record.schema.json' }],
		['no services at all', withServices({})],
		['an alias', { kind: 'alias', of: 'BÜCHER.example' }],
		['an alias with a name of its own', { kind: 'alias', of: 'a.example', provider: { name: 'Customer' }, names: 'none' }],
		['a host for whichever domain asks', withServices({ imap: { host: 'imap.%EMAILDOMAIN%' } })],
		['a mode of none without mx', { ...MINIMAL, mtaSts: { mode: 'none' } }],
	];
	it.each(taken)('may have %s', (_, record) => {
		validRecord(record);
	});

	const refused: readonly (readonly [string, unknown, string, RegExp])[] = [
		['nothing', {}, 'kind', /missing/],
		['null', null, '', /kind|object|"domain"/],
		['another kind', { kind: 'x' }, 'kind', /"domain" or "alias"/],
		['an unknown field', { ...MINIMAL, foo: 1 }, 'foo', /not a field/],
		['an unknown field inside', withServices({ imap: { ...HOST, ssl: true } }), 'services.imap.ssl', /not a field/],
		['an unknown service', withServices({ smtp: HOST }), 'services.smtp', /not a field/],
		['services in a list', withServices([]), 'services', /object/],
		['no provider', { ...MINIMAL, provider: undefined }, 'provider', /missing/],
		['no name', { ...MINIMAL, provider: {} }, 'provider.name', /missing/],
		['an empty name', { ...MINIMAL, provider: { name: ' ' } }, 'provider.name', /empty/],
		['a name of two lines', { ...MINIMAL, provider: { name: 'a\nb' } }, 'provider.name', /line breaks/],
		['61 characters', { ...MINIMAL, provider: { name: 'x'.repeat(61) } }, 'provider.name', /60/],
		['no host', withServices({ imap: {} }), 'services.imap.host', /missing/],
		['an IP address', withServices({ imap: { host: '192.0.2.1' } }), 'services.imap.host', /host name/],
		['a URL for a host', withServices({ imap: { host: 'https://a.example' } }), 'services.imap.host', /host name/],
		['port 0', withServices({ imap: { ...HOST, implicit: 0 } }), 'services.imap.implicit', /at least 1/],
		['port 65536', withServices({ imap: { ...HOST, implicit: 65536 } }), 'services.imap.implicit', /65535/],
		['a port in quotes', withServices({ imap: { ...HOST, implicit: '993' } }), 'services.imap.implicit', /port number/],
		['nothing offered', withServices({ imap: { ...HOST, implicit: null } }), 'services.imap', /offers nothing/],
		['one port for both', withServices({ imap: { ...HOST, starttls: 993 } }), 'services.imap', /same port/],
		[
			'a day that is none',
			withServices({ submission: { ...HOST, starttls: { port: 587, until: '2027-02-30' } } }),
			'services.submission.starttls.until',
			/calendar/,
		],
		[
			'a day in words',
			withServices({ submission: { ...HOST, starttls: { port: 587, until: 'soon' } } }),
			'services.submission.starttls.until',
			/date/,
		],
		['plain http', withServices({ jmap: { url: 'http://a.example/' } }), 'services.jmap.url', /https/],
		['an unknown placeholder', { ...MINIMAL, login: '%EMAILADRESS%' }, 'login', /no placeholder/],
		['a placeholder without its end', { ...MINIMAL, login: '%EMAILADDRESS%.%EMAILDOMAIN' }, 'login', /without its %/],
		...(['%EMAILADDRESS', '%EMAILDOMAIN', '100%', '%zz', '%4', '%EMAILADDRESS%%'] as const).map(
			(part) =>
				[
					`a URL with ${part}`,
					withServices({ caldav: { url: `https://a.example/${part}/` } }),
					'services.caldav.url',
					/neither a placeholder/,
				] as const,
		),
		['one login for all', { ...MINIMAL, login: 'mail' }, 'login', /same login/],
		['an alias of an IP address', { kind: 'alias', of: '192.0.2.1' }, 'of', /domain name/],
		['an alias with services', { kind: 'alias', of: 'a.example', services: {} }, 'services', /not a field/],
		[
			'an alias with half a provider',
			{ kind: 'alias', of: 'a.example', provider: { website: 'https://a.example/' } },
			'provider.name',
			/missing/,
		],
		['an alias with OAuth of its own', { kind: 'alias', of: 'a.example', oauth: {} }, 'oauth', /not a field/],
		['a policy without mx', { ...MINIMAL, mtaSts: { mode: 'enforce' } }, 'mtaSts', /mx/],
		['a policy for two years', { ...MINIMAL, mtaSts: { mode: 'none', maxAge: 63072000 } }, 'mtaSts.maxAge', /31557600/],
		['reports by carrier pigeon', { ...MINIMAL, tlsRpt: { rua: ['pigeon:coop'] } }, 'tlsRpt.rua.0', /mailto/],
		['reports for two in one', { ...MINIMAL, tlsRpt: { rua: ['mailto:a@a.example,mailto:b@a.example'] } }, 'tlsRpt.rua.0', /%2C/],
		['auth twice', withServices({ imap: { ...HOST, auth: ['password', 'password'] } }), 'services.imap.auth', /repeat/],
		['cleartext', withServices({ imap: { ...HOST, security: 'none' } }), 'services.imap.security', /not a field/],
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
		const record = validRecord(withServices({ imap: { host: `${'a'.repeat(60)}.${'b'.repeat(60)}.%EMAILDOMAIN%` } }));
		const name = domain(`${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.example`);
		if (record.kind !== 'domain') throw new Error('an alias');
		expect(resolveConfig(record, name, { kind: 'domain', domain: name }, NOW)).toMatchObject({
			ok: false,
			error: { path: 'services.imap.host' },
		});
	});
});

describe('warnings', () => {
	const warned: readonly (readonly [string, unknown, readonly string[]])[] = [
		['nothing', MINIMAL, []],
		['an alias', { kind: 'alias', of: 'a.example' }, []],
		[
			'an alias’s own fields',
			{
				kind: 'alias',
				of: 'a.example',
				provider: { name: 'x'.repeat(31) },
				login: '%EMAILLOCALPART%',
				mtaSts: { mode: 'enforce', mx: ['mx.a.example'], maxAge: 86400 },
			},
			['login-not-address', 'long-name', 'short-max-age'],
		],
		['no implicit TLS', withServices({ imap: HOST, submission: { ...HOST, implicit: null } }), ['no-implicit-tls']],
		['STARTTLS elsewhere', withServices({ imap: HOST, submission: { ...HOST, starttls: 2587 } }), ['starttls-port']],
		[
			'a fallback that ended today',
			withServices({ imap: HOST, submission: { ...HOST, starttls: { port: 587, until: '2026-11-23' } } }),
			['fallback-ended'],
		],
		[
			'a fallback that ends tomorrow',
			withServices({ imap: HOST, submission: { ...HOST, starttls: { port: 587, until: '2026-11-24' } } }),
			['fallback-ends'],
		],
		['a login template', { ...MINIMAL, login: 'x-%EMAILLOCALPART%' }, ['login-template']],
		['a login that is no address', { ...MINIMAL, login: '%EMAILLOCALPART%' }, ['login-not-address']],
		[
			'OAuth alone, and nowhere',
			withServices({ imap: { ...HOST, auth: ['oauth2'] }, submission: HOST }),
			['oauth-only', 'oauth-undeclared'],
		],
		['a long name', { ...MINIMAL, provider: { name: 'x'.repeat(31) } }, ['long-name']],
		['nothing to read with', withServices({ submission: HOST }), ['no-incoming']],
		['nothing to send with', withServices({ imap: HOST }), ['no-submission']],
		[
			'implicit TLS on the port of STARTTLS',
			{
				...MINIMAL,
				services: {
					imap: { host: 'imap.a.example', implicit: 143 },
					submission: { host: 'smtp.a.example', implicit: 587, starttls: null },
				},
			},
			['implicit-port', 'implicit-port'],
		],
		[
			'odd ports of further hosts',
			withServices({
				imap: { ...HOST, alternatives: [{ host: 'b.a.example', implicit: 143 }] },
				submission: { ...HOST, alternatives: [{ host: 'c.a.example', implicit: null, starttls: 2587 }] },
			}),
			['implicit-port', 'no-implicit-tls', 'starttls-port'],
		],
		[
			'a URL where clients begin to look',
			{ ...MINIMAL, services: { ...MINIMAL.services, caldav: { url: 'https://a.example/.well-known/caldav' } } },
			['discovery-url'],
		],
		[
			'a URL with the user in it',
			{ ...MINIMAL, services: { ...MINIMAL.services, caldav: { url: 'https://a.example/%EMAILADDRESS%/' } } },
			['user-in-url'],
		],
		[
			'placeholders that nothing fills in',
			{
				...MINIMAL,
				provider: { name: 'Mail of %EMAILDOMAIN%', shortName: '%EMAILLOCALPART%', help: 'https://a.example/?%EMAILADDRESS%' },
				oauth: {
					issuer: 'https://a.example/%EMAILDOMAIN%',
					authUrl: 'https://a.example/%EMAILLOCALPART%',
					tokenUrl: 'https://a.example/%EMAILDOMAIN%',
					scope: '%EMAILADDRESS%',
				},
			},
			['placeholder', 'placeholder', 'placeholder', 'placeholder', 'placeholder', 'placeholder'],
		],
		[
			'a user in a URL that is sent to nobody in particular',
			{
				...MINIMAL,
				services: { ...MINIMAL.services, activesync: { url: 'https://a.example/%EMAILADDRESS%' } },
				autodiscover: { redirectUrl: 'https://b.example/%EMAILLOCALPART%' },
			},
			['activesync-url', 'placeholder', 'placeholder'],
		],
		[
			'%EMAILDOMAIN% where it is filled in',
			{ ...MINIMAL, provider: { name: 'x', website: 'https://%EMAILDOMAIN%/', help: 'https://%EMAILDOMAIN%/help' } },
			[],
		],
		['a policy of a day', { ...MINIMAL, mtaSts: { mode: 'enforce', mx: ['mx.a.example'], maxAge: 86400 } }, ['short-max-age']],
	];
	it.each(warned)('of %s', (_, record, codes) => {
		expect(recordWarnings(validRecord(record), '2026-11-23').map(({ code }) => code)).toEqual(codes);
	});
});
