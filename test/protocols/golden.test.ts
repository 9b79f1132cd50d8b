/**
 * The golden grid: every fixture record at every endpoint, and its DNS. One committed file each, so that a reviewer reads in the diff
 * what clients will receive. `vitest run -u` writes them anew.
 */
import { describe, expect, it } from 'vitest';
import { expectedRecords } from '../../src/dns/expected.ts';
import { renderZoneFile } from '../../src/dns/zone-file.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import type { WireResponse } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { address, domain } from '../support/valid-names.ts';

const ALICE = address('alice@example.com');
const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints);
const DNS_TARGET = { host: domain('signpost.example.net'), names: 'all' as const };

function goldenText({ status = 200, type, filename, location, sign, body }: WireResponse): string {
	const head = [
		`status: ${status}`,
		`content-type: ${type}`,
		...(filename === undefined ? [] : [`filename: ${filename}`]),
		...(location === undefined ? [] : [`location: ${location}`]),
		...(sign === undefined ? [] : ['sign: yes']),
	];
	return `${head.join('\n')}\n\n${body}`;
}

describe.each(fixtureNames())('%s', (name) => {
	it.each(ENDPOINTS.map((endpoint) => [endpoint.id, endpoint] as const))('%s', async (id, endpoint) => {
		const query = endpoint.parseRequest(endpoint.sampleRequest(ALICE, endpoint.locations[0]));
		if (!query.ok) throw new Error(`not understood: ${query.error.code}`);
		const answer = answerQuery(query.value, resolvedFixture(name), null, NOW);
		const response = answer.ok ? answer.value : endpoint.renderProblem(answer.error);
		await expect(goldenText(response)).toMatchFileSnapshot(`../golden/${name}/${id}.txt`);
	});

	it('zone', async () => {
		const { record } = resolvedFixture(name);
		const config = resolveConfig(record, ALICE.domain, { kind: 'domain', domain: ALICE.domain }, NOW);
		if (!config.ok) throw new Error(config.error.reason);
		await expect(renderZoneFile(ALICE.domain, await expectedRecords(config.value, DNS_TARGET, []))).toMatchFileSnapshot(
			`../golden/${name}/zone.txt`,
		);
	});
});
