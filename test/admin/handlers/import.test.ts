import { describe, expect, it } from 'vitest';
import { callApi, createRecord, RECORD } from '../admin-client.ts';
import { fakeUpstreams } from '../fake-upstreams.ts';

const upstreams = fakeUpstreams();

const ISPDB_XML = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="mail.example">
    <domain>mail.example</domain>
    <domain>other.example</domain>
    <displayName>Mail Example</displayName>
    <displayShortName>Mail</displayShortName>
    <incomingServer type="pop3"><hostname>pop.mail.example</hostname><port>110</port><socketType>plain</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="imap"><hostname>imap.mail.example</hostname><port>143</port><socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username><authentication>password-encrypted</authentication></incomingServer>
    <incomingServer type="imap"><hostname>imap.mail.example</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>OAuth2</authentication><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="exchange"><hostname>ews.mail.example</hostname></incomingServer>
    <outgoingServer type="smtp"><hostname>smtp.mail.example</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></outgoingServer>
    <documentation url="https://help.mail.example/"><descr lang="en">Help</descr></documentation>
  </emailProvider>
  <webMail><loginPage url="https://web.mail.example/"/></webMail>
</clientConfig>`;

describe('an autoconfig document', () => {
	it('becomes a record, and what is lost is said', async () => {
		const { status, body } = await callApi('POST', '/import/autoconfig?domain=mail.example', { body: ISPDB_XML });
		expect(status).toBe(200);
		expect(body.records[0]?.record).toEqual({
			kind: 'domain',
			provider: { name: 'Mail Example', shortName: 'Mail', help: 'https://help.mail.example/' },
			services: {
				imap: { host: 'imap.mail.example', starttls: 143, login: '%EMAILLOCALPART%', auth: ['oauth2', 'password'] },
				submission: { host: 'smtp.mail.example', starttls: null, login: '%EMAILLOCALPART%' },
			},
		});
		const lost = body.lost.join('\n');
		for (const said of ['POP3 on pop.mail.example:110, no encryption', 'exchange', '<webMail>', 'password-encrypted'])
			expect(lost).toContain(said);
		// The document's other domain comes along, ready to be saved.
		expect(body.records[1]).toEqual({ domain: 'other.example', record: { kind: 'alias', of: 'mail.example' }, warnings: [] });
	});

	it('says why where nothing of it can be imported', async () => {
		const cleartext = ISPDB_XML.replaceAll(/STARTTLS|SSL/g, 'plain').replace(/<incomingServer type="exchange">.*<\/incomingServer>/, '');
		expect(await callApi('POST', '/import/autoconfig?domain=mail.example', { body: cleartext })).toMatchObject({
			status: 422,
			body: { code: 'source-cleartext' },
		});
	});

	it('is found by the ways of Thunderbird: the ISPDB, and the domain that the mail goes to', async () => {
		upstreams.now = { documents: { 'https://autoconfig.thunderbird.net/v1.1/mail.example': ISPDB_XML } };
		const listed = await callApi('POST', '/import/autoconfig?domain=mail.example');
		expect(listed.body.records[0]?.domain).toBe('mail.example');
		expect(listed.body.lost.join()).toContain('autoconfig.thunderbird.net');
		upstreams.now = {
			dns: { 'a.example MX': ['20 x.other.example.', '10 mx1.mail.example.'] },
			documents: { 'https://autoconfig.mail.example/mail/config-v1.1.xml': ISPDB_XML },
		};
		const hosted = await callApi('POST', '/import/autoconfig?domain=a.example');
		expect(hosted.body.records[0]).toMatchObject({ domain: 'a.example', record: { services: { imap: { host: 'imap.mail.example' } } } });
		expect(hosted.body.lost.join()).toContain('does not name a.example');
	});

	it('is fetched from the domain when none is sent', async () => {
		upstreams.now = { documents: { 'https://autoconfig.mail.example/mail/config-v1.1.xml': ISPDB_XML } };
		const { body } = await callApi('POST', '/import/autoconfig?domain=mail.example');
		expect(body.records[0]?.domain).toBe('mail.example');
		expect(await callApi('POST', '/import/autoconfig?domain=none.example')).toMatchObject({ status: 502 });
	});

	it('is refused where it is none', async () => {
		const bad = ['<!DOCTYPE x><clientConfig/>', '<html></html>', 'text', '<clientConfig/>'];
		for (const body of bad) expect(await callApi('POST', '/import/autoconfig?domain=a.example', { body })).toMatchObject({ status: 400 });
		const empty = '<clientConfig><emailProvider id="x"/></clientConfig>';
		expect(await callApi('POST', '/import/autoconfig?domain=a.example', { body: empty })).toMatchObject({
			status: 422,
			body: { code: 'source-empty' },
		});
	});

	it('is what the service itself serves: its own document comes back as the same record', async () => {
		await createRecord('a.example', {
			...RECORD,
			oauth: { issuer: 'https://id.a.example', authUrl: 'https://id.a.example/a', tokenUrl: 'https://id.a.example/t', scope: 'mail' },
		});
		const { body: shown } = await callApi('POST', '/preview', {
			body: { domain: 'a.example', record: (await callApi('GET', '/domains/a.example')).body.record },
		});
		const document = shown.formats.find(({ endpoint }) => endpoint === 'autoconfig')?.body;
		const { body } = await callApi('POST', '/import/autoconfig?domain=a.example', { body: document });
		const { body: again } = await callApi('POST', '/preview', { body: { domain: 'a.example', record: body.records[0]?.record } });
		expect(again.formats).toEqual(shown.formats);
	});
});

describe('SRV records', () => {
	it('become a record', async () => {
		upstreams.now = {
			dns: {
				'_imaps._tcp.a.example SRV': ['10 1 993 backup.a.example.', '0 1 993 imap.a.example.'],
				'_imap._tcp.a.example SRV': ['0 0 0 .'],
				'_submissions._tcp.a.example SRV': ['0 1 465 smtp.a.example.'],
				'_submission._tcp.a.example SRV': ['10 1 587 smtp.a.example.'],
				'_caldavs._tcp.a.example SRV': ['0 1 8443 dav.a.example.'],
			},
		};
		const { body } = await callApi('POST', '/import/srv', { body: { domain: 'a.example' } });
		expect(body.records[0]?.record).toEqual({
			kind: 'domain',
			provider: { name: 'a.example' },
			services: {
				imap: { host: 'imap.a.example', alternatives: [{ host: 'backup.a.example' }] },
				submission: { host: 'smtp.a.example' },
				caldav: { url: 'https://dav.a.example:8443/.well-known/caldav' },
			},
		});
		// Everything that SRV can say is carried over; the rest is said to be a default.
		expect(body.lost).toEqual(['SRV has no names, no logins and no ways to log in: the defaults stand here.']);
	});

	it('that are not there are said to be', async () => {
		expect(await callApi('POST', '/import/srv', { body: { domain: 'a.example' } })).toMatchObject({
			status: 422,
			body: { code: 'source-empty' },
		});
	});
});

describe('an automx2 seed', () => {
	it('becomes a record for each of its domains; passwords are not shown', async () => {
		const body = {
			version: 2,
			provider: 'Example Inc.',
			domains: [{ name: 'a.example' }, { name: 'b.example', ldapserver_id: 42 }],
			ldapservers: [{ id: 42, name: 'ldap.example', bind_password: 'SECRET' }],
			servers: [
				{ type: 'imap', name: 'imap.example.com' },
				{ type: 'smtp', name: 'smtp.example.com', port: 587, prio: 20 },
				{ type: 'smtp', name: 'smtp.example.com' },
				{ type: 'caldav', port: 443, url: 'https://dav.example.net/%EMAILADDRESS%/' },
			],
		};
		const { status, body: shown } = await callApi('POST', '/import/automx2', { body });
		expect(status).toBe(200);
		expect(shown.records).toHaveLength(2);
		expect(shown.records[1]).toMatchObject({ domain: 'b.example', record: { services: { submission: { host: 'smtp.example.com' } } } });
		expect(JSON.stringify(shown)).not.toContain('SECRET');
		expect(shown.lost.join('\n')).toContain('LDAP');
	});
});

describe('the configuration of another program', () => {
	const environment = (more = '') =>
		`DOMAIN=a.example\nCOMPANY_NAME=A\nIMAP_HOST=imap.a.example\nIMAP_PORT=993\nIMAP_SOCKET=SSL\nSMTP_HOST=smtp.a.example\nSMTP_PORT=465\nSMTP_SOCKET=SSL\n${more}`;

	it('becomes records that can be saved as they are, an alias for each further domain', async () => {
		const { status, body } = await callApi('POST', '/import/configuration', {
			body: {
				format: 'mailcow',
				files: ['\uFEFFMAILCOW_HOSTNAME=mail.a.example\nDBPASS=SECRET\n', '[{"domain_name": "a.example"}, {"domain_name": "b.example"}]'],
			},
		});
		expect(status).toBe(200);
		expect(body.records).toMatchObject([
			{ domain: 'a.example', record: { kind: 'domain', services: { imap: { host: 'mail.a.example' } } } },
			{ domain: 'b.example', record: { kind: 'alias', of: 'a.example' } },
		]);
		expect(JSON.stringify(body)).not.toContain('SECRET');
		for (const { domain, record } of body.records) await createRecord(domain, record);
		expect((await callApi('GET', '/domains/b.example')).body.record).toEqual({ kind: 'alias', of: 'a.example' });
	});

	it('names what it needs', async () => {
		const call = (body: object) => callApi('POST', '/import/configuration', { body });
		expect(await call({ format: 'environment', files: [environment()] })).toMatchObject({ status: 200 });
		expect(await call({ format: 'nobody', files: [] })).toMatchObject({ status: 422, body: { errors: [{ path: 'format' }] } });
		expect(await call({ format: 'mox', files: ['x'] })).toMatchObject({ status: 422, body: { code: 'source-empty' } });
		expect(await call({ format: 'mailcow', files: ['MAILCOW_HOSTNAME=mail.a.example'] })).toMatchObject({
			status: 422,
			body: { code: 'invalid', errors: [{ path: 'domain' }] },
		});
		const cleartext = environment().replaceAll('SSL', 'None');
		expect(await call({ format: 'environment', files: [cleartext] })).toMatchObject({ status: 422, body: { code: 'source-cleartext' } });
	});

	it('is imported for the domains that the credentials are for, and for no others', async () => {
		const { body: token } = await callApi('POST', '/tokens', { body: { name: 'a', role: 'write', domains: ['a.example'] } });
		const files = ['MAILCOW_HOSTNAME=mail.a.example', '[{"domain_name": "a.example"}, {"domain_name": "b.example"}]'];
		const own = await callApi('POST', '/import/configuration', { token: token.secret, body: { format: 'mailcow', files } });
		expect(own.body.records.map(({ domain }) => domain)).toEqual(['a.example']);
		expect(own.body.lost.join()).toContain('b.example');
		const other = await callApi('POST', '/import/configuration', {
			token: token.secret,
			body: { format: 'mailcow', files, domain: 'b.example' },
		});
		expect(other).toMatchObject({ status: 403 });
	});

	const ANSWER = `<Autodiscover><Response><Account><AccountType>email</AccountType><Action>settings</Action>
<Protocol><Type>IMAP</Type><Server>imap.a.example</Server><Port>993</Port><LoginName>sample</LoginName><SPA>off</SPA></Protocol>
<Protocol><Type>SMTP</Type><Server>smtp.a.example</Server><Port>465</Port><LoginName>sample</LoginName><SPA>off</SPA></Protocol>
</Account></Response></Autodiscover>`;

	it.each([
		['its own name', { documents: { 'https://autodiscover.a.example/autodiscover/autodiscover.xml': ANSWER } }],
		['the bare domain', { documents: { 'https://a.example/autodiscover/autodiscover.xml': ANSWER } }],
		[
			'its SRV record',
			{
				dns: { '_autodiscover._tcp.a.example SRV': ['0 0 443 mail.other.example.'] },
				documents: { 'https://mail.other.example/autodiscover/autodiscover.xml': ANSWER },
			},
		],
	])('Autodiscover is asked by the way of Outlook: %s', async (_, world) => {
		upstreams.now = world;
		const { status, body } = await callApi('POST', '/import/configuration', { body: { format: 'autodiscover', domain: 'a.example' } });
		expect(status).toBe(200);
		expect(body.records[0]).toMatchObject({
			domain: 'a.example',
			record: {
				login: '%EMAILLOCALPART%',
				services: { imap: { host: 'imap.a.example' }, submission: { host: 'smtp.a.example', starttls: null } },
			},
		});
		expect(body.lost.join()).toContain('for sample@a.example');
	});

	it('Autodiscover that does not answer is said to be unreachable; a pasted answer is read', async () => {
		const call = (body: object) => callApi('POST', '/import/configuration', { body: { format: 'autodiscover', ...body } });
		expect(await call({ domain: 'none.example' })).toMatchObject({ status: 502, body: { code: 'source-unreachable' } });
		expect(await call({})).toMatchObject({ status: 422, body: { errors: [{ path: 'domain' }] } });
		expect(await call({ address: 'no address' })).toMatchObject({ status: 422, body: { errors: [{ path: 'address' }] } });
		const pasted = await call({ address: 'sample@a.example', files: [ANSWER] });
		expect(pasted.body.records[0]).toMatchObject({ domain: 'a.example', record: { login: '%EMAILLOCALPART%' } });
		expect(await call({ domain: 'a.example', files: ['<Autodiscover/>'] })).toMatchObject({ status: 400, body: { code: 'bad-xml' } });
	});

	it('its own answer comes back as the same record', async () => {
		await createRecord('a.example', RECORD);
		const stored = (await callApi('GET', '/domains/a.example')).body.record;
		const { body: shown } = await callApi('POST', '/preview', { body: { domain: 'a.example', record: stored } });
		const answer = shown.formats.find(({ endpoint }) => endpoint === 'autodiscover-xml')?.body;
		const { status, body } = await callApi('POST', '/import/configuration', {
			body: { format: 'autodiscover', files: [answer], address: 'sample@a.example' },
		});
		expect(status).toBe(200);
		const { body: again } = await callApi('POST', '/preview', { body: { domain: 'a.example', record: body.records[0]?.record } });
		const autodiscover = ({ formats }: typeof shown) => formats.find(({ endpoint }) => endpoint === 'autodiscover-xml');
		expect(autodiscover(again)).toEqual(autodiscover(shown));
	});
});
