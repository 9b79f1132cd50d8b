/** Domains with letters beyond ASCII: every format has the same login, in the form that the record says. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/model/config.ts';
import { fillAddress } from '../../src/model/placeholders.ts';
import { type DomainRecord, parseRecord } from '../../src/model/record.ts';
import { domainWarnings } from '../../src/model/warnings.ts';
import { fillThunderbirdQr, thunderbirdQrTemplate } from '../../src/protocols/thunderbird-qr.ts';
import { parseAutoconfig } from '../clients/autoconfig-document.ts';
import { autodiscoverRequest, parseAutodiscover } from '../clients/autodiscover-document.ts';
import { NOW } from '../support/fixture-records.ts';
import { createSingleRecordRouter } from '../support/test-router.ts';
import { address, domain } from '../support/valid-names.ts';

const A_LABELS = 'xn--bcher-kva.example';
const U_LABELS = 'bücher.example';

function recordWith(fields: object): DomainRecord {
	const services = { imap: { host: 'imap.a.example' }, submission: { host: 'smtp.a.example' } };
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'Example' }, services, ...fields });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error(JSON.stringify(parsed));
	return parsed.value;
}

/** The login that each format leads to, for a user who typed the domain in this form. */
async function loginsIn(record: DomainRecord, typed: string): Promise<Readonly<Record<string, string>>> {
	const name = domain(typed);
	const found = { domain: name, key: `record:${name}`, foundUnder: `record:${name}`, record };
	const { fetch } = createSingleRecordRouter(found);
	const read = async (url: string, init?: RequestInit) => (await fetch(new Request(url, init))).text();
	const user = `müller@${typed}`;
	const autoconfig = parseAutoconfig(await read(`https://autoconfig.${name}/mail/config-v1.1.xml`));
	const pox = parseAutodiscover(
		await read(`https://autodiscover.${name}/autodiscover/autodiscover.xml`, { method: 'POST', body: autodiscoverRequest(user) }),
	);
	const profile = await read(`https://autoconfig.${name}/mobileconfig?email=${encodeURIComponent(user)}`);
	const config = resolveConfig(record, name, { kind: 'domain', domain: name }, NOW);
	const qr = config.ok ? thunderbirdQrTemplate(config.value) : null;
	return {
		// Clients put in what the user typed.
		autoconfig: fillAddress(autoconfig?.incoming[0]?.username ?? '', { local: 'müller', domain: typed as typeof name, text: user }),
		autodiscover: pox?.protocols[0]?.value('LoginName') ?? '',
		profile: /IncomingMailServerUsername<\/key>\s*<string>([^<]*)/.exec(profile)?.[1] ?? '',
		'setup page': config.ok ? fillAddress(config.value.offers[0]?.login ?? '', address(user)) : '',
		...(qr === null ? {} : { qr: fillThunderbirdQr(qr, address(`mueller@${name}`))?.match(/[^"]+@[^"]+/)?.[0] ?? 'none' }),
	};
}

describe.each([
	['a-label', A_LABELS],
	['u-label', U_LABELS],
] as const)('logins in the form %s', (loginDomain, form) => {
	it.each([A_LABELS, U_LABELS])('are the same in every format for who types %s', async (typed) => {
		const { qr, ...logins } = await loginsIn(recordWith({ loginDomain }), typed);
		expect(new Set(Object.values(logins))).toEqual(new Set([`müller@${form}`]));
		// The code for Thunderbird's app is ASCII alone.
		expect(qr).toBe(loginDomain === 'a-label' ? `mueller@${form}` : 'none');
	});

	it('have it in a template too, and change nothing where there is no domain in it', async () => {
		const logins = await loginsIn(recordWith({ loginDomain, login: '%EMAILDOMAIN%\\%EMAILLOCALPART%' }), U_LABELS);
		expect(logins).toMatchObject({ autoconfig: `${form}\\müller`, autodiscover: `${form}\\müller`, profile: `${form}\\müller` });
		const local = await loginsIn(recordWith({ loginDomain, login: '%EMAILLOCALPART%' }), U_LABELS);
		expect(local).toMatchObject({ autoconfig: 'müller', autodiscover: 'müller', profile: 'müller' });
	});

	it('change nothing for a domain in ASCII', async () => {
		expect(await loginsIn(recordWith({ loginDomain }), 'ascii.example')).toEqual(await loginsIn(recordWith({}), 'ascii.example'));
	});
});

it('without the field two formats differ for who types U-labels, which is warned about', async () => {
	const { autoconfig, autodiscover } = await loginsIn(recordWith({}), U_LABELS);
	expect([autoconfig, autodiscover]).toEqual([`müller@${U_LABELS}`, `müller@${A_LABELS}`]);
	const codes = (fields: object, of: string) => domainWarnings(recordWith(fields), domain(of)).map(({ code }) => code);
	expect(codes({}, U_LABELS)).toEqual(['login-domain']);
	expect(codes({ loginDomain: 'u-label' }, U_LABELS)).toEqual([]);
	expect(codes({ services: {} }, U_LABELS)).toEqual([]);
	expect(codes({}, 'ascii.example')).toEqual([]);
});

it('an alias may have its own', () => {
	expect(parseRecord({ kind: 'alias', of: 'a.example', loginDomain: 'u-label', autodiscover: 'none' })).toHaveProperty('ok', true);
	expect(parseRecord({ kind: 'alias', of: 'a.example', loginDomain: 'unicode' })).toHaveProperty('ok', false);
});
