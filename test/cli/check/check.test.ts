/** The whole check: where everything is right, and with one fault at a time. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAddress, startCheckRun } from '../../../src/cli/check/check-address.ts';
import { checkMtaSts, createMxChecker } from '../../../src/cli/check/check-mta-sts.ts';
import { type CheckReport, gradeOf } from '../../../src/cli/check/finding.ts';
import type { CheckArea } from '../../../src/contract/checks/check-grades.ts';
import { ok } from '../../../src/lib/result.ts';
import { resolveConfig } from '../../../src/model/config.ts';
import { type FakeInternet, SITE, startFakeInternet } from '../../support/fake-internet.ts';
import { type MailServerFaults, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { resolvedFixture } from '../../support/fixture-records.ts';
import { createTestAuthority } from '../../support/test-authority.ts';
import { address } from '../../support/valid-names.ts';

const ALICE = address('alice@example.com');
const EVERYTHING = resolvedFixture('everything');

let world: FakeInternet;
let zone: Answer[];
beforeAll(async () => {
	world = await startFakeInternet({ found: EVERYTHING });
	zone = [...world.nameServer.zone];
});
afterAll(() => world.close());

/** SHA-256 of the key that a mail port shows. */
async function mailKeyHash(port: number): Promise<Buffer> {
	const route = await world.network.findSocketAddress('smtp.example.com', port);
	if (typeof route === 'string') throw new Error(route);
	const socket = connectTls({ host: route.address, port: route.port, rejectUnauthorized: false });
	await once(socket, 'secureConnect');
	const der = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' }) ?? Buffer.alloc(0);
	socket.destroy();
	return createHash('sha256').update(der).digest();
}

async function reportOf(areas: readonly CheckArea[], site: typeof SITE | null = SITE, mx = false): Promise<CheckReport> {
	const records = { find: async () => ok({ ...EVERYTHING, digest: '' }), findDnsRecords: async () => ok(null), domains: null };
	const network = world.network.withoutDnsCache();
	const checked = await checkAddress(
		ALICE,
		{ records, network, site: site ?? { host: null, names: 'all' }, areas, mx, run: startCheckRun(network) },
		Date.now(),
	);
	if (!checked.ok) throw new Error(checked.error.message);
	return checked.value;
}

async function findingsOf(areas: readonly CheckArea[], site: typeof SITE | null = SITE, mx = false): Promise<readonly string[]> {
	return (await reportOf(areas, site, mx)).areas.flatMap(({ findings }) =>
		findings.map(({ code, place }) => `${code} ${place.replaceAll('example.com', 'D')}`),
	);
}

it('a world where everything is right', async () => {
	const areas = ['dns', 'http', 'mail', 'mta-sts'] as const;
	expect(await findingsOf(areas)).toEqual([]);
	const report = await reportOf(areas);
	expect(report.areas.flatMap(({ unclear, unlooked }) => [...unclear, ...unlooked])).toEqual([]);
	expect(report.overall).toBe('A');
});

describe('DNS', () => {
	const txt = (name: string, text: string): Answer => ({ name, type: 'TXT', ttl: 300, data: text });
	const srv = (name: string, priority: number, port: number, target: string): Answer => ({
		name,
		type: 'SRV',
		ttl: 300,
		data: { priority, weight: 1, port, target },
	});
	const without = (name: string, type?: string) =>
		zone.filter((answer) => answer.name !== `${name}.example.com` || (type !== undefined && answer.type !== type));

	it.each<[string, () => Answer[], readonly string[]]>([
		['a record is missing', () => without('_imaps._tcp'), ['dns-missing _imaps._tcp.D SRV']],
		[
			'465 and 587 have the same priority',
			() => [...without('_submissions._tcp'), srv('_submissions._tcp.example.com', 10, 465, 'smtp.example.com')],
			['srv-order _submissions._tcp.D, _submission._tcp.D'],
		],
		[
			'587 before 465',
			() => [...without('_submission._tcp'), ...[srv('_submission._tcp.example.com', 0, 587, 'smtp.example.com')]],
			['srv-order _submissions._tcp.D, _submission._tcp.D'],
		],
		[
			'another host',
			() => [...without('_imaps._tcp'), srv('_imaps._tcp.example.com', 0, 993, 'smtp.example.com')],
			['dns-wrong _imaps._tcp.D SRV'],
		],
		[
			'a stale MTA-STS id',
			() => [...without('_mta-sts'), txt('_mta-sts.example.com', 'v=STSv1; id=00112233445566778899')],
			['mta-sts-id-stale _mta-sts.D TXT'],
		],
		[
			'an SRV target that is a CNAME',
			() => [...without('imap'), { name: 'imap.example.com', type: 'CNAME', ttl: 300, data: 'smtp.example.com' }],
			['srv-target-cname imap.D'],
		],
		['an SRV target without an address', () => without('pop'), ['srv-target-missing pop.D']],
		[
			'a CNAME to another service',
			() => [...without('autoconfig'), { name: 'autoconfig.example.com', type: 'CNAME', ttl: 300, data: 'old.example.net' }],
			['dns-wrong autoconfig.D CNAME'],
		],
		[
			'a record of what is not offered, which a file cannot know to be ours',
			() => [...zone, txt('_ua-auto-config.example.com', 'v=UAAC1; a=sha256; d=AA==')],
			['dns-theirs _ua-auto-config.D TXT'],
		],
		['no CAA', () => zone.filter(({ type }) => type !== 'CAA'), ['caa-absent D']],
		[
			'CAA that forbids everybody',
			() => [
				...zone.filter(({ type }) => type !== 'CAA'),
				{ name: 'example.com', type: 'CAA', ttl: 300, data: { flags: 0, tag: 'issue', value: ';' } },
			],
			['caa-forbids D'],
		],
	])('%s', async (_, make, expected) => {
		world.nameServer.zone = make();
		expect(await findingsOf(['dns'])).toEqual(expected);
		world.nameServer.zone = zone;
	});

	it('a CNAME that the provider answers with addresses is left to HTTP', async () => {
		world.nameServer.zone = [...without('autoconfig'), { name: 'autoconfig.example.com', type: 'A', ttl: 300, data: '127.0.0.1' }];
		expect(await findingsOf(['dns', 'http'])).toEqual([]);
		world.nameServer.zone = zone;
	});

	it('an unsigned zone below a resolver that validates, and TLSA in it', async () => {
		world.nameServer.zone = [
			...zone,
			{
				name: '_465._tcp.smtp.example.com',
				type: 'TLSA',
				ttl: 300,
				data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32) },
			},
		];
		world.nameServer.unsigned = (name) => name.endsWith('example.com');
		expect(await findingsOf(['dns'])).toEqual(['dnssec-absent D', 'tlsa-unsigned _465._tcp.smtp.D']);
		world.nameServer.unsigned = () => false;
		world.nameServer.zone = zone;
	});

	const tlsa = (name: string, certificate: Buffer, usage = 3): Answer => ({
		name,
		type: 'TLSA',
		ttl: 300,
		data: { usage, selector: 1, matchingType: 1, certificate },
	});

	it('TLSA in a signed zone is held against the certificate, and one of the next key beside it harms nobody', async () => {
		const port = '_465._tcp.smtp.example.com';
		const keyHash = await mailKeyHash(465);
		world.nameServer.zone = [...zone, tlsa(port, Buffer.alloc(32))];
		expect(await findingsOf(['dns'])).toEqual(['tlsa-mismatch _465._tcp.smtp.D']);
		world.nameServer.zone = [...zone, tlsa(port, keyHash)];
		expect(await findingsOf(['dns'])).toEqual([]);
		world.nameServer.zone = [...zone, tlsa(port, keyHash), tlsa(port, Buffer.alloc(32))];
		expect(await findingsOf(['dns'])).toEqual([]);
		world.nameServer.zone = zone;
	});

	it('TLSA before a name server that does not validate could not be looked at', async () => {
		world.nameServer.zone = [...zone, tlsa('_465._tcp.smtp.example.com', Buffer.alloc(32))];
		world.nameServer.signed = false;
		const report = await reportOf(['dns']);
		expect([report.overall, report.areas[0]?.findings]).toEqual([null, []]);
		expect(report.areas[0]?.unlooked.map(({ place }) => place)).toEqual(['_465._tcp.smtp.example.com TLSA']);
		world.nameServer.signed = true;
		world.nameServer.zone = zone;
	});

	it.each<[string, Partial<Record<'usage' | 'selector' | 'matchingType', number>>]>([
		['a usage of its own (PrivCert)', { usage: 255 }],
		['a selector that is not assigned', { selector: 2 }],
		['a matching type that is not assigned', { matchingType: 9 }],
	])('TLSA with %s is not understood, and costs the letter', async (_, odd) => {
		const record = tlsa('_465._tcp.smtp.example.com', Buffer.alloc(32));
		world.nameServer.zone = [
			...zone,
			{ ...record, data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32), ...odd } } as Answer,
		];
		const report = await reportOf(['dns']);
		expect([report.overall, report.areas[0]?.findings]).toEqual([null, []]);
		expect(report.areas[0]?.unclear.map(({ place }) => place)).toEqual(['_465._tcp.smtp.example.com TLSA']);
		world.nameServer.zone = zone;
	});

	const caa = (name: string, tag: string, value: string, flags = 0): Answer => ({
		name,
		type: 'CAA',
		ttl: 300,
		data: { flags, tag, value } as never,
	});

	it.each<[string, readonly Answer[], readonly string[]]>([
		['an iodef alone restricts nobody', [caa('example.com', 'iodef', 'mailto:a@example.com')], []],
		['a tag in capitals is the same tag', [caa('example.com', 'ISSUE', ';')], ['caa-forbids D']],
		[
			'the nearest name with any CAA decides: a mail host is free beside a domain that forbids',
			[caa('example.com', 'issue', 'ca.example.net'), caa('smtp.example.com', 'iodef', 'mailto:a@example.com')],
			[],
		],
		[
			'a mail host that forbids below a domain that allows',
			[caa('example.com', 'issue', 'ca.example.net'), caa('smtp.example.com', 'issue', ';')],
			['caa-forbids smtp.D'],
		],
		['a critical property that no authority knows', [caa('example.com', 'unheard', 'of', 128)], ['caa-forbids D']],
		['issuewild alone does not restrict a single name', [caa('example.com', 'issuewild', ';')], []],
	])('CAA: %s', async (_, records, expected) => {
		world.nameServer.zone = [...zone.filter(({ type }) => type !== 'CAA'), ...records];
		expect(await findingsOf(['dns'])).toEqual(expected);
		world.nameServer.zone = zone;
	});

	it('CAA that names an authority while another’s certificate is in use, of which nobody here knows what CAA calls it', async () => {
		world.nameServer.zone = [...zone.filter(({ type }) => type !== 'CAA'), caa('example.com', 'issue', 'ca.example.net')];
		const report = await reportOf(['dns']);
		expect(report.overall).toBeNull();
		expect(report.areas[0]?.unclear.map(({ place }) => place)).toContain('smtp.example.com');
		expect(report.areas[0]?.unclear.every(({ reason }) => reason.includes('Signpost tests'))).toBe(true);
		world.nameServer.zone = zone;
	});

	it('a resolver that does not validate says nothing about DNSSEC', async () => {
		world.nameServer.signed = false;
		expect(await findingsOf(['dns'])).toEqual([]);
		world.nameServer.signed = true;
	});

	it('answers that are cut off are asked for over TCP', async () => {
		world.nameServer.truncates = true;
		expect(await findingsOf(['dns'])).toEqual([]);
		expect(world.nameServer.questions.some((question) => question === 'SRV _imaps._tcp.example.com tcp')).toBe(true);
		world.nameServer.truncates = false;
	});

	it('without --site any CNAME will do', async () => {
		world.nameServer.zone = [
			...without('autoconfig'),
			{ name: 'autoconfig.example.com', type: 'CNAME', ttl: 300, data: 'elsewhere.example.net' },
		];
		expect(await findingsOf(['dns'], null)).toEqual([]);
		world.nameServer.zone = zone;
	});
});

describe('HTTP', () => {
	it('what other people look for at the website: advice where it is not there', async () => {
		world.override = (host, path) => (host === 'example.com' && /security\.txt|openpgpkey/.test(path) ? { status: 404 } : null);
		expect(await findingsOf(['http'])).toEqual([
			'security-txt-absent https://D/.well-known/security.txt',
			'wkd-absent https://D/.well-known/openpgpkey/policy',
		]);
		world.override = () => null;
	});

	const AUTOCONFIG = '/mail/config-v1.1.xml';
	const html = { status: 200, type: 'text/html', body: '<html>welcome</html>' };

	it.each<[string, FakeInternet['override'], readonly string[]]>([
		[
			'another record behind the service',
			(host, path, scheme) =>
				scheme === 'https' && host === 'mta-sts.example.com' && path.endsWith('.txt') ? { body: 'version: STSv1\r\nmode: none\r\n' } : null,
			['http-body https://mta-sts.D/.well-known/mta-sts.txt'],
		],
		[
			'a policy behind a redirect',
			(host, path) =>
				host === 'mta-sts.example.com' && path.endsWith('.txt') ? { status: 301, location: 'https://www.example.com/' } : null,
			['http-redirect https://mta-sts.D/.well-known/mta-sts.txt'],
		],
		[
			'a Content-Type that Thunderbird does not read',
			(host, path, scheme) =>
				scheme === 'https' && host === 'autoconfig.example.com' && path === '/v1.1/mail/config-v1.1.xml'
					? { type: 'application/octet-stream' }
					: null,
			['http-type https://autoconfig.D/v1.1/mail/config-v1.1.xml?emailaddress=alice%40D'],
		],
		[
			'an answer of the website to every path of the mail domain',
			(host, path) => (host === 'example.com' && path === '/.well-known/autoconfig/mail/config-v1.1.xml' ? html : null),
			['http-foreign https://D/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice%40D'],
		],
		[
			'404 of the website is as good as nothing',
			(host, path) => (host === 'example.com' && path.includes('autoconfig') ? { status: 404, type: 'text/html', body: '' } : null),
			[],
		],
		[
			'a wrong redirect',
			(host, path) => (host === 'example.com' && path === '/.well-known/caldav' ? { location: 'https://example.com/dav' } : null),
			['http-location PROPFIND https://D/.well-known/caldav'],
		],
		[
			'no redirect',
			(host, path) => (host === 'example.com' && path === '/.well-known/carddav' ? { status: 404 } : null),
			['http-wellknown PROPFIND https://D/.well-known/carddav'],
		],
		[
			'the service does not know the domain',
			(host, path) => (host === 'autoconfig.example.com' && path === '/v1.1/example.com' ? { status: 404 } : null),
			['http-status https://autoconfig.D/v1.1/D'],
		],
		[
			'a website over plain http',
			(_, path, scheme) => (scheme === 'http' && path === AUTOCONFIG ? html : null),
			['http-plain-foreign http://autoconfig.D/mail/config-v1.1.xml?emailaddress=alice%40D'],
		],
		[
			'plain http sent on to https',
			(_, path, scheme) =>
				scheme === 'http' && path === AUTOCONFIG ? { status: 308, location: `https://autoconfig.example.com${AUTOCONFIG}` } : null,
			[],
		],
	])('%s', async (_, override, expected) => {
		world.override = override;
		expect(await findingsOf(['http'])).toEqual(expected);
		world.override = () => null;
	});

	it('a service that knows nothing of the domain is a finding a host', async () => {
		world.override = (host) => (host === 'autoconfig.example.com' ? { status: 404 } : null);
		expect(await findingsOf(['http'])).toEqual([
			'http-status https://autoconfig.D/mail/config-v1.1.xml?emailaddress=alice%40D and 11 more there',
		]);
		world.override = () => null;
	});

	it('asks as each client that is told apart does', async () => {
		// The shortened answers differ from the usual ones, so that a service that did not shorten them would fail.
		world.requests.length = 0;
		await findingsOf(['http']);
		expect(world.requests.filter((each) => each === `GET https autoconfig.example.com ${AUTOCONFIG}`)).toHaveLength(4);
		expect(world.requests.filter((each) => each === 'POST https autodiscover.example.com /autodiscover/autodiscover.xml')).toHaveLength(2);
	});

	it('a host that is not there is one finding', async () => {
		world.nameServer.zone = zone.filter(({ name }) => name !== 'autoconfig.example.com');
		expect(await findingsOf(['http'])).toEqual(['http-unreachable https://autoconfig.D/mail/config-v1.1.xml?emailaddress=alice%40D']);
		world.nameServer.zone = zone;
	});
});

describe('MX hosts, with --mx', () => {
	it.each<[string, MailServerFaults, readonly string[]]>([
		['are good', {}, []],
		['offer no STARTTLS', { noStarttls: true }, ['mx-starttls mx1.D:25']],
	])('%s', async (_, faults, expected) => {
		const authority = await createTestAuthority();
		const stub = await startFakeMailServer('smtp', false, await authority.leaf({ names: ['mx1.example.com'] }), faults);
		const network = {
			...world.network.withoutDnsCache(),
			ca: authority.ca,
			findSocketAddress: async () => ({ address: '127.0.0.1', port: stub.port }),
		};
		const policy = { mode: 'enforce' as const, mx: ['mx1.example.com'], maxAge: 604800 };
		const config = resolveConfig(EVERYTHING.record, EVERYTHING.domain, { kind: 'domain', domain: EVERYTHING.domain }, Date.now());
		if (!config.ok) throw new Error(config.error.reason);
		world.nameServer.zone = [
			...zone.filter(({ type }) => type !== 'MX'),
			{ name: 'example.com', type: 'MX', ttl: 300, data: { preference: 1, exchange: 'mx1.example.com' } },
		];
		const checked = await checkMtaSts({ ...config.value, mtaSts: policy }, network, createMxChecker(), Date.now());
		world.nameServer.zone = zone;
		await stub.close();
		expect(checked.ok && checked.value.findings.map(({ code, place }) => `${code} ${place.replace('example.com', 'D')}`)).toEqual(expected);
	});
});

describe('MTA-STS', () => {
	const mx = (exchange: string): Answer => ({ name: 'example.com', type: 'MX', ttl: 300, data: { preference: 20, exchange } });
	const others = () => zone.filter(({ type }) => type !== 'MX');

	it.each<[string, () => Answer[], readonly string[]]>([
		['an MX that the policy does not name', () => [...zone, mx('mx9.example.com')], ['mx-unlisted mx9.D']],
		['a wildcard covers one label, not two', () => [...zone, mx('a.b.mx.example.net')], ['mx-unlisted a.b.mx.example.net']],
		['a policy for hosts that are no MX', () => [...others(), mx('mx1.example.com')], ['mx-unused *.mx.example.net']],
		['no MX at all', others, ['mx-absent D']],
	])('%s', async (_, make, expected) => {
		world.nameServer.zone = make();
		expect(await findingsOf(['mta-sts'])).toEqual(expected);
		world.nameServer.zone = zone;
	});

	it('of a domain without mail and policy is good because its MX record was looked at', async () => {
		const { domain } = ALICE;
		const config = resolveConfig(EVERYTHING.record, domain, { kind: 'domain', domain }, Date.now());
		if (!config.ok) throw new Error('not resolved');
		world.nameServer.zone = others();
		const checked = await checkMtaSts({ ...config.value, mtaSts: null }, world.network.withoutDnsCache(), null, Date.now());
		world.nameServer.zone = zone;
		if (!checked.ok) throw new Error(checked.error.message);
		expect({ looked: checked.value.looked, grade: gradeOf(checked.value) }).toEqual({ looked: 1, grade: 'A' });
		expect(gradeOf({ ...checked.value, looked: 0 })).toBeNull();
	});
});
