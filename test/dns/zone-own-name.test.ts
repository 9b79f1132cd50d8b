/** The zone that `/zone/D` prints can be loaded, whatever host it is asked on: no name leads to itself, and a wildcard has no zone. */
import { describe, expect, it } from 'vitest';
import { SERVICE_LABELS } from '../../src/model/service-labels.ts';
import { resolvedFixture } from '../support/fixture-records.ts';
import { createSingleRecordRouter } from '../support/test-router.ts';
import { domain } from '../support/valid-names.ts';

const D = 'example.com';

async function zoneOn(host: string, serviceHost: string | null, asked = D): Promise<{ readonly status: number; readonly body: string }> {
	const chosen = { zoneIsPublic: true, serviceHost: serviceHost === null ? null : domain(serviceHost) };
	const app = createSingleRecordRouter({ ...resolvedFixture('everything'), domain: domain(D) }, chosen);
	const response = await app.fetch(new Request(`https://${host}/zone/${asked}`));
	return { status: response.status, body: await response.text() };
}

const OWN_NAMES = [D, ...SERVICE_LABELS.map((label) => `${label}.${D}`)];
const HOSTS = [...OWN_NAMES, 'signpost.example.net', 'localhost', '127.0.0.1'];

describe.each([null, 'signpost.example.net', ...OWN_NAMES])('SERVICE_HOST %s', (serviceHost) => {
	it.each(HOSTS)('asked on %s: no name of the zone is its own target', async (host) => {
		const { status, body } = await zoneOn(host, serviceHost);
		// A host that is neither the service's nor the domain's own says nothing.
		const isStranger = host === 'signpost.example.net' && serviceHost !== host;
		expect(status).toBe(isStranger ? 404 : 200);
		if (isStranger) return;
		const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
		expect(lines.length).toBeGreaterThan(10);
		for (const line of lines) {
			const [name, , , type, ...data] = line.split(/\s+/);
			if (type === 'CNAME') expect(data[0], line).not.toBe(name);
			// RFC 2782: a target is no alias, so an SRV record leads to no name that has a CNAME in this zone.
			if (type === 'SRV')
				expect(
					lines.some((other) => other.startsWith(`${data[3]} `) && other.includes(' CNAME ')),
					line,
				).toBe(false);
		}
	});
});

it('a wildcard has no zone, and the answer says what to ask for', async () => {
	for (const asked of ['*.example.com', '%2A.example.com', '*.a.example.com'])
		expect(await zoneOn('signpost.example.net', 'signpost.example.net', asked)).toEqual({
			status: 404,
			body: 'A wildcard has no zone of its own: ask for one of the domains below it.\n',
		});
});
