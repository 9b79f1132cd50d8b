/** The HTTP requests of each client, as its source or a server's log shows them. README.md in this folder names the clause for each test. */
import { describe, expect, it } from 'vitest';
import { autodiscoverRequest } from '../clients/autodiscover-document.ts';
import { httpRequest } from './raw-http-request.ts';

const PORTS = /<port>(\d+)<\/port>/g;
const ports = (body: string) => [...body.matchAll(PORTS)].map(([, port]) => port);
const withUserAgent = (text: string) => ({ headers: { 'User-Agent': text } });

describe('Thunderbird', () => {
	const agent = withUserAgent('Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0');
	it.each([
		'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=alice%40example.com',
		'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice%40example.com',
		'http://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%2Bb%40example.com',
	])('%s', async (url) => {
		const reply = await httpRequest(url, agent);
		expect(reply.headers['content-type']).toMatch(/^text\/xml/);
		expect(ports(reply.body)).toEqual(['993', '465', '587']);
	});

	it('posts to Autodiscover', async () => {
		const reply = await httpRequest('https://autodiscover.example.com/autodiscover/autodiscover.xml', {
			method: 'POST',
			headers: { 'Content-Type': 'text/xml; charset=utf-8' },
			body: autodiscoverRequest('alice@example.com'),
		});
		expect(reply.body.match(/<Encryption>\w+/g)).toEqual(['<Encryption>SSL', '<Encryption>SSL', '<Encryption>TLS']);
		expect(reply.headers['www-authenticate']).toBeUndefined();
	});
});

describe('clients that send no address', () => {
	it.each([
		['Thunderbird for Android', 'https://autoconfig.example.com/mail/config-v1.1.xml', 'okhttp/5.1.0'],
		['Geary', 'https://autoconfig.example.com/mail/config-v1.1.xml', 'Geary/46'],
		['Delta Chat, well-known', 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml', ''],
		['Nine', 'https://autoconfig.example.com/v1.1/mail/config-v1.1.xml', 'Dalvik/2.1.0'],
	])('%s', async (_, url, agent) => {
		expect(ports((await httpRequest(url, withUserAgent(agent))).body)).toEqual(['993', '465', '587']);
	});
});

describe('clients that take the last', () => {
	it('Evolution', async () => {
		const url =
			'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=EVOLUTIONUSER%40example.com&emailmd5=c160f8cc69a4f0bf2b0362752353d060';
		expect(ports((await httpRequest(url)).body)).toEqual(['993', '465']);
	});
	it('aerc', async () => {
		const url = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=alice%40example.com';
		expect(ports((await httpRequest(url, withUserAgent('Go-http-client/2.0'))).body)).toEqual(['993', '465']);
	});
	it('FairEmail', async () => {
		const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
		const reply = await httpRequest('https://example.com/autodiscover/autodiscover.xml', {
			method: 'POST',
			headers,
			body: autodiscoverRequest('alice@example.com'),
		});
		expect(reply.body.match(/<Port>\d+/g)).toEqual(['<Port>993', '<Port>465']);
	});
});

describe('Outlook', () => {
	it.each(['/autodiscover/autodiscover.xml', '/Autodiscover/Autodiscover.xml', '/AutoDiscover/AutoDiscover.xml'])(
		'posts to %s',
		async (path) => {
			const reply = await httpRequest(`https://autodiscover.example.com${path}`, {
				method: 'POST',
				headers: { 'Content-Type': 'text/xml' },
				body: autodiscoverRequest('alice@example.com'),
			});
			expect(reply.body).toContain('<LoginName>alice@example.com</LoginName>');
		},
	);
	it('asks in JSON first', async () => {
		const reply = await httpRequest(
			'https://autodiscover.example.com/autodiscover/autodiscover.json?Email=alice%40example.com&Protocol=Autodiscoverv1&RedirectCount=1',
		);
		expect(JSON.parse(reply.body)).toEqual({
			Protocol: 'AutodiscoverV1',
			Url: 'https://autodiscover.example.com/autodiscover/autodiscover.xml',
		});
	});
	it('on phones, through its cloud, asks for ActiveSync and is refused', async () => {
		const reply = await httpRequest(
			'https://autodiscover.example.com/autodiscover/autodiscover.json/v1.0/alice%40example.com?Protocol=activesync&RedirectCount=3',
		);
		expect([reply.status, JSON.parse(reply.body).ErrorCode]).toEqual([400, 'InvalidProtocol']);
	});
	it('asks for SOAP and moves on', async () => {
		expect(
			(await httpRequest('https://autodiscover.example.com/autodiscover/autodiscover.svc', { method: 'POST', body: '<soap/>' })).status,
		).toBe(404);
	});
});

describe('Delta Chat, Spike and others that GET', () => {
	it('get settings', async () => {
		expect((await httpRequest('https://example.com/autodiscover/autodiscover.xml')).body.match(/<Port>\d+/g)).toEqual([
			'<Port>993',
			'<Port>465',
			'<Port>587',
		]);
	});
});

describe('Safari on an iPhone', () => {
	const agent = withUserAgent(
		'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
	);
	it('gets a profile', async () => {
		const reply = await httpRequest('https://autoconfig.example.com/mobileconfig?email=alice%40example.com', agent);
		expect(reply.headers['content-type']).toBe('application/x-apple-aspen-config');
		expect(reply.body).toContain('<integer>465</integer>');
	});
});

describe('PACC, DAV and mail servers', () => {
	it('read the configuration', async () => {
		const reply = await httpRequest('https://ua-auto-config.example.com/.well-known/user-agent-configuration.json');
		expect(JSON.parse(reply.body).protocols).toEqual({
			imap: { host: 'imap.example.com' },
			smtp: { host: 'smtp.example.com' },
			submit: { host: 'smtp.example.com' },
		});
	});
	it('hear 404 for what the record does not offer', async () => {
		expect((await httpRequest('https://example.com/.well-known/caldav', { method: 'PROPFIND' })).status).toBe(404);
		expect((await httpRequest('https://mta-sts.example.com/.well-known/mta-sts.txt')).status).toBe(404);
	});
});

describe('a stranger', () => {
	it('gets a page where a person would look, and 404', async () => {
		const reply = await httpRequest('https://autoconfig.example.org/');
		expect(reply.status).toBe(404);
		expect(reply.body).toContain('<!doctype html>');
		expect(reply.body).not.toContain('example.org');
	});

	it('hears the same 404 everywhere else', async () => {
		for (const url of [
			'https://autoconfig.example.org/mail/config-v1.1.xml',
			'https://example.org/nothing',
			'https://autodiscover.example.org/autodiscover/autodiscover.xml',
		]) {
			const reply = await httpRequest(url);
			expect([reply.status, reply.body]).toEqual([404, 'Not found.\n']);
		}
	});
});
