/**
 * The golden grid: every fixture record at every endpoint, and its DNS. One committed file each, so that a reviewer reads in the diff
 * what clients will receive. `vitest run -u` writes them anew.
 */
import { describe, expect, it } from 'vitest';
import { expectedRecords } from '../../src/dns/expected.ts';
import { renderZone } from '../../src/dns/zone.ts';
import { resolve } from '../../src/model/config.ts';
import { answer } from '../../src/protocols/answer.ts';
import type { Rendition } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { fixtureNames, found, NOW } from '../fixtures/fixtures.ts';
import { address, domain } from '../fixtures/names.ts';

const ALICE = address('alice@example.com');
const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints);
const SITE = { host: domain('signpost.example.net') };

function printed({ status = 200, type, filename, location, sign, body }: Rendition): string {
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
		const question = endpoint.hear(endpoint.ask(ALICE, endpoint.at[0]));
		if (!question.ok) throw new Error(`not heard: ${question.error.code}`);
		const answered = answer(question.value, found(name), null, NOW);
		const rendition = answered.ok ? answered.value : endpoint.refuse(answered.error);
		await expect(printed(rendition)).toMatchFileSnapshot(`../golden/${name}/${id}.txt`);
	});

	it('zone', async () => {
		const { record } = found(name);
		const config = resolve(record, ALICE.domain, { kind: 'domain', domain: ALICE.domain }, NOW);
		if (!config.ok) throw new Error(config.error.reason);
		await expect(renderZone(ALICE.domain, await expectedRecords(config.value, SITE))).toMatchFileSnapshot(`../golden/${name}/zone.txt`);
	});
});
