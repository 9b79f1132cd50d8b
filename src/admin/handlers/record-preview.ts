/** Previews a record without storing it: what clients would get, the DNS zone, the warnings, and what would change. */

import { PreviewBody } from '../../contract/bodies.ts';
import type { PreviewView } from '../../contract/views.ts';
import { expectedRecords } from '../../dns/expected.ts';
import { domainConfig, expectedZoneLines } from '../../dns/impact.ts';
import { renderZoneFile } from '../../dns/zone-file.ts';
import { err, ok } from '../../lib/result.ts';
import { parseEmailAddress } from '../../model/names.ts';
import { renderPreviews } from '../../protocols/preview.ts';
import { hasRole } from '../auth/principal.ts';
import { serviceSite } from '../domain-dns.ts';
import { findChangeImpact } from '../domain-view.ts';
import type { Handler } from '../handler.ts';
import { warningsFor } from '../record-faults.ts';
import { readBody } from '../request-input.ts';
import { findResolvedRecord, sampleAddress, storedRecord } from '../resolved-record.ts';
import { serializeRecord } from './domains.ts';

export const preview: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, PreviewBody);
	if (!body.ok) return body;
	const { domain: name, record } = body.value;
	if (!(await hasRole(principal, 'preview', name, dependencies))) return err({ code: 'forbidden', needed: `preview ${name}` });
	const now = dependencies.now();
	const text = serializeRecord(record, name, now);
	if (!text.ok) return text;
	const address = body.value.address === undefined ? sampleAddress(name) : parseEmailAddress(body.value.address);
	if (address === null) return err({ code: 'invalid', errors: [{ path: 'address', reason: 'must be an e-mail address' }] });
	const side = await findResolvedRecord(record, name, address.domain, dependencies);
	const { latest } = await dependencies.recordHistory(name).readHead(name);
	const config = domainConfig(side, address, now);
	// After the save, the digest of the replaced record's PACC document would stay in the zone for a while.
	const before = await findResolvedRecord(storedRecord(latest?.record ?? null), name, address.domain, dependencies);
	const replaced = [domainConfig(before, address, now)].filter((old) => old !== null);
	const view: PreviewView = {
		domain: name,
		warnings: warningsFor(record, side, now),
		formats: renderPreviews(side, address, now).map(({ response, ...format }) => {
			const { status = 200, type, body: bytes, location } = response;
			return { ...format, status, type, body: bytes, ...(location === undefined ? {} : { location }) };
		}),
		dns: await expectedZoneLines(config, serviceSite(dependencies), replaced),
		zone: config === null ? '' : renderZoneFile(address.domain, await expectedRecords(config, serviceSite(dependencies), replaced)),
		changes: await findChangeImpact(storedRecord(latest?.record ?? null), record, name, address, dependencies),
	};
	return ok({ body: view });
};
