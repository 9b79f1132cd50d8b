/** A candidate in; everything that clients would get, the zone, the warnings and the changes out. Nothing is stored. */

import { PreviewBody } from '../contract/bodies.ts';
import type { PreviewView } from '../contract/views.ts';
import { configOf, zoneLines } from '../dns/effects.ts';
import { expectedRecords } from '../dns/expected.ts';
import { renderZone } from '../dns/zone.ts';
import { err, ok } from '../lib/result.ts';
import { parseEmailAddress } from '../model/names.ts';
import { renderAll } from '../protocols/renditions.ts';
import { type Handler, readBody } from './ask.ts';
import { may } from './caller.ts';
import { recordText } from './domains.ts';
import { changesFor, keptRecord, sampleAddress, sideOf, site, warningsFor } from './show.ts';

export const preview: Handler = async ({ request, caller, parts }) => {
	const body = await readBody(request, PreviewBody);
	if (!body.ok) return body;
	const { domain: name, record } = body.value;
	if (!may(caller, 'preview', name)) return err({ code: 'forbidden', needed: `preview ${name}` });
	const now = parts.now();
	const text = recordText(record, name, now);
	if (!text.ok) return text;
	const address = body.value.address === undefined ? sampleAddress(name) : parseEmailAddress(body.value.address);
	if (address === null) return err({ code: 'invalid', errors: [{ path: 'address', reason: 'must be an e-mail address' }] });
	const side = await sideOf(record, name, address.domain, parts);
	const { latest } = await parts.keepers(name).head(name);
	const config = configOf(side, address, now);
	const view: PreviewView = {
		domain: name,
		warnings: warningsFor(record, side, now),
		formats: renderAll(side, address, now).map(({ rendition, ...format }) => {
			const { status = 200, type, body: bytes, location } = rendition;
			return { ...format, status, type, body: bytes, ...(location === undefined ? {} : { location }) };
		}),
		dns: await zoneLines(config, site(parts), []),
		zone: config === null ? '' : renderZone(address.domain, await expectedRecords(config, site(parts))),
		changes: await changesFor(keptRecord(latest?.record ?? null), record, name, address, parts),
	};
	return ok({ body: view });
};
