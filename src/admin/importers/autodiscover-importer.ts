/** Reads an answer of a running Autodiscover (POX), and asks for it as Outlook does. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { decodeXml, describeUnreadable } from '../../lib/decode-xml.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Domain, EmailAddress } from '../../model/names.ts';
import type { DomainRecord } from '../../model/record.ts';
import { recordKey } from '../../model/record-key.ts';
import { answerQuery } from '../../protocols/answer-query.ts';
import { autodiscoverXml } from '../../protocols/autodiscover-xml.ts';
import type { AdvertisedSettings } from '../../protocols/readers/advertised-settings.ts';
import { readAutodiscover } from '../../protocols/readers/autodiscover-reader.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import type { FoundDocument } from './fetch-autoconfig.ts';
import type { ImportSource } from './imported-record.ts';
import { SILENT_ABOUT_NOTHING } from './lost-settings.ts';

/** @param address that the answer was asked for; null where nobody knows */
export function parseAutodiscoverAnswer(
	bytes: Uint8Array,
	contentType: string,
	address: EmailAddress | null,
): Result<ImportSource, ApiProblem> {
	const decoded = decodeXml(bytes, contentType);
	if (!decoded.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: `is in the encoding ${decoded.error}, which is unknown` }] });
	const { text, unreadableIn } = decoded.value;
	const advertised = readAutodiscover(text.trimStart(), address?.text ?? '');
	if (!advertised.ok) return err({ code: 'bad-xml', errors: [{ path: '', reason: advertised.error }] });
	return ok({
		advertised: advertised.value,
		// An answer names no ways to log in but "SPA", and no provider but in the name of the account.
		silent: { ...SILENT_ABOUT_NOTHING, names: true },
		readServed: readServedAutodiscover,
		notes: [
			...(unreadableIn === null ? [] : [describeUnreadable(unreadableIn)]),
			'Autodiscover has no name of the provider: it is the domain here.',
		],
	});
}

/** What Autodiscover tells a client of a record; null where it declines. */
async function readServedAutodiscover(record: DomainRecord, domain: Domain, now: number): Promise<AdvertisedSettings | null> {
	const endpoint = autodiscoverXml.endpoints[0];
	if (endpoint === undefined) return null;
	const address = sampleAddress(domain);
	const query = endpoint.parseRequest(endpoint.sampleRequest(address, endpoint.locations[0]));
	const answer = query.ok
		? answerQuery(query.value, { domain, key: recordKey(domain), foundUnder: recordKey(domain), record }, null, now)
		: query;
	const advertised = answer.ok ? readAutodiscover(answer.value.body, address.text) : answer;
	return advertised.ok ? advertised.value : null;
}

function sampleAddress(domain: Domain): EmailAddress {
	return { local: 'sample', domain, text: `sample@${domain}` };
}

/**
 * Asks the servers that Outlook asks (MS-OXDISCO §3.1.5), over https alone. Null where none answers; many answer for a mailbox that exists
 * only, and some ask for its password.
 * @param address null asks for a made-up one
 */
export async function fetchAutodiscover(
	domain: Domain,
	address: EmailAddress | null,
	{ fetchDocument, lookupDns }: Pick<AdminDependencies, 'fetchDocument' | 'lookupDns'>,
): Promise<(FoundDocument & { readonly address: EmailAddress }) | null> {
	const endpoint = autodiscoverXml.endpoints[0];
	if (endpoint === undefined) return null;
	const asked = address ?? sampleAddress(domain);
	const request = endpoint.sampleRequest(asked, endpoint.locations[0]);
	const named = await lookupDns(`_autodiscover._tcp.${domain}`, 'SRV');
	const targets = (named.ok ? named.value : [])
		.flatMap(({ type, data }) => (type === 'SRV' ? [data.trim().split(/\s+/)] : []))
		.filter(([, , port, target = '.']) => port === '443' && target !== '.')
		.map(([, , , target = '']) => target.replace(/\.$/, ''));
	for (const host of new Set([`autodiscover.${domain}`, domain, ...targets])) {
		const url = `https://${host}/autodiscover/autodiscover.xml`;
		const found = await fetchDocument(url, request.body);
		if (found.ok) return { ...found.value, url, address: asked };
	}
	return null;
}
