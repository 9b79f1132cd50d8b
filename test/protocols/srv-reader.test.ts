/** Which servers, in which order, a client takes from SRV records: RFC 2782, RFC 6186, RFC 6764. */
import { describe, expect, it } from 'vitest';
import { parseSrvRdata, readSrvRecords, type SrvRecord } from '../../src/protocols/readers/srv-reader.ts';
import { domain } from '../support/valid-names.ts';

const EXAMPLE = domain('example.com');

/** Records as `LABEL DATA`, as a name server prints the data. */
function records(...lines: readonly string[]): readonly SrvRecord[] {
	return lines.map((line) => {
		const [label = '', ...data] = line.split(' ');
		const parsed = parseSrvRdata(`${label}.example.com`, data.join(' '));
		if (parsed === null) throw new Error(`no SRV record: ${line}`);
		return parsed;
	});
}

const serversOf = (...lines: readonly string[]) =>
	readSrvRecords(records(...lines), EXAMPLE).servers.map(({ type, host, port, security }) => `${type} ${host}:${port} ${security}`);

describe('the servers of SRV records', () => {
	it.each([
		['the lowest priority first', ['_imaps._tcp 20 0 993 b.example.net', '_imaps._tcp 10 0 993 a.example.net'], ['a', 'b']],
		[
			'of equal priorities the heaviest first',
			['_imaps._tcp 10 1 993 light.example.net', '_imaps._tcp 10 9 993 heavy.example.net'],
			['heavy', 'light'],
		],
		['a weight never goes before a priority', ['_imaps._tcp 20 99 993 b.example.net', '_imaps._tcp 10 0 993 a.example.net'], ['a', 'b']],
		['a weight of 0 last', ['_imaps._tcp 0 0 993 zero.example.net', '_imaps._tcp 0 1 993 one.example.net'], ['one', 'zero']],
	])('%s', (_, lines, hosts) => {
		expect(serversOf(...lines)).toEqual(hosts.map((host) => `imap ${host}.example.net:993 tls`));
	});

	it('with equal priorities have implicit TLS before STARTTLS; else the priority counts', () => {
		const [submissions, submission] = ['_submissions._tcp 0 0 465 mail.example.net', '_submission._tcp 0 9 587 mail.example.net'];
		expect(serversOf(submission, submissions)).toEqual(['smtp mail.example.net:465 tls', 'smtp mail.example.net:587 starttls']);
		expect(serversOf('_submission._tcp 0 0 587 mail.example.net', '_submissions._tcp 5 0 465 mail.example.net')).toEqual([
			'smtp mail.example.net:587 starttls',
			'smtp mail.example.net:465 tls',
		]);
	});

	it('on a port that is registered for implicit TLS have it under either label', () => {
		expect(serversOf('_submission._tcp 0 0 465 mail.example.net')).toEqual(['smtp mail.example.net:465 tls']);
		expect(serversOf('_imap._tcp 0 0 993 mail.example.net')).toEqual(['imap mail.example.net:993 tls']);
	});

	it('are one server under two labels, and none where the target is "."', () => {
		expect(serversOf('_smtps._tcp 0 0 465 mail.example.net', '_submissions._tcp 0 0 465 mail.example.net')).toEqual([
			'smtp mail.example.net:465 tls',
		]);
		expect(serversOf('_pop3s._tcp 0 0 0 .', '_imaps._tcp 0 0 993 mail.example.net')).toEqual(['imap mail.example.net:993 tls']);
	});

	it('for calendars have the path of the TXT record beside them, and the well-known one without', () => {
		const srv = records('_caldavs._tcp 0 0 8443 dav.example.net', '_carddavs._tcp 0 0 443 dav.example.net');
		const txt: SrvRecord = { type: 'TXT', name: '_caldavs._tcp.example.com', text: 'path=/calendars/' };
		expect(readSrvRecords([...srv, txt], EXAMPLE).urls.map(({ url }) => url)).toEqual([
			'https://dav.example.net:8443/calendars/',
			'https://dav.example.net/.well-known/carddav',
		]);
	});

	it.each(['', '0 0 993', '0 0 x mail.example.net', '-1 0 993 mail.example.net', `0 0 993 ${'a'.repeat(256)}`])(
		'are none for %j',
		(data) => {
			expect(parseSrvRdata('_imaps._tcp.example.com', data)).toBeNull();
		},
	);
});
