/** Whether the zone is signed, and whether its TLSA records are of use: signed, and of a certificate that the server shows. */

import { createHash, X509Certificate } from 'node:crypto';
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { Remark } from '../../lib/result.ts';
import { type ClientConfig, isSocketOffer } from '../../model/config.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Network } from '../probe/network.ts';
import { sanitizeText } from '../terminal.ts';
import { finding, joinParts, type PartialReport, partWith, unclearPart, unlookedPart } from './finding.ts';
import { type MailPort, readMailCertificates } from './server-certificate.ts';

export interface DnssecReport extends PartialReport {
	/** What could not be judged because the name server does not validate. */
	readonly uncovered: readonly Remark[];
}

/** Whether the zone is signed, which only a validating name server can tell, and whether TLSA records stand in an unsigned zone. */
export async function checkDnssec({ domain, offers }: ClientConfig, network: Network): Promise<DnssecReport> {
	const { resolver } = network;
	const validates = await isValidating(resolver);
	const own = await resolver.query(domain, 'MX');
	const isUnsigned = validates && own.ok && !own.value.authenticated && own.value.rcode !== 'SERVFAIL';
	const places = new Map(offers.filter(isSocketOffer).map((offer) => [`_${offer.port}._tcp.${offer.host}`, offer]));
	const parts = await mapConcurrently([...places.values()], 8, (offer) => checkTlsa(offer, validates, ANY_USAGE, network));
	return {
		...joinParts([partWith(...(isUnsigned ? [finding('dnssec-absent', domain, 'a signed zone', 'unsigned')] : [])), ...parts]),
		uncovered: validates
			? []
			: [{ place: domain, reason: `DNSSEC: the name server ${resolver.server} does not validate; --resolver names one that does` }],
	};
}

/** Whether a name server validates: it does if it vouches for the root zone, which has been signed since 2010. */
export async function isValidating(resolver: Resolver): Promise<boolean> {
	const root = await resolver.query('.', 'NS');
	return root.ok && root.value.authenticated;
}

/** Usages of TLSA (RFC 7671 §4). RFC 7672 §3.1.3: between mail servers, those that rest on public authorities count for nothing. */
export const ANY_USAGE: readonly string[] = ['0', '1', '2', '3'];
export const MX_USAGES: readonly string[] = ['2', '3'];

/** @param usages the usages of TLSA records that count on this port */
export async function checkTlsa(offer: MailPort, validates: boolean, usages: readonly string[], network: Network): Promise<PartialReport> {
	const place = `_${offer.port}._tcp.${offer.host}`;
	const reply = await network.resolver.query(place, 'TLSA');
	if (!reply.ok) return unlookedPart(`${place} TLSA`, 'DNS did not answer');
	const records = reply.value.records.filter(({ type }) => type === 'TLSA').map(({ data }) => data);
	const usable = records.filter((data) => TLSA_DATA.test(data) && usages.includes(data.split(' ')[0] ?? ''));
	// RFC 7671 §4: what has parameters that a client does not know is passed over.
	const strange = records.filter((data) => !TLSA_DATA.test(data));
	if (usable.length === 0)
		return strange.length === 0
			? partWith()
			: unclearPart(`${place} TLSA`, `"${sanitizeText(strange.join(' and '))}" is no TLSA record that is known here`);
	if (!validates) return unlookedPart(`${place} TLSA`, 'the name server does not validate DNSSEC, without which TLSA is not to be used');
	if (!reply.value.authenticated) return partWith(finding('tlsa-unsigned', place, 'a signed zone, or no TLSA', 'TLSA in an unsigned zone'));
	const shown = await readMailCertificates(network, offer);
	if (shown.length === 0) return unlookedPart(`${place} TLSA`, 'the server showed no certificate to compare with');
	// Every certificate that a client may be shown needs a record. Records of a key that is not used yet, or no longer, do no harm (RFC 7671
	// §8.1).
	if (shown.every(({ chain }) => usable.some((record) => matchesTlsa(record, chain)))) return partWith();
	const which =
		shown.length === 1 ? 'the certificate that the server shows' : `each of the ${shown.length} certificates that the server shows`;
	return partWith(finding('tlsa-mismatch', place, `a TLSA record of ${which}`, records.join(', ')));
}

/** Usage, selector and matching type that RFC 6698 §2.1 defines, and data in hexadecimal digits. */
const TLSA_DATA = /^[0-3] [01] [0-2] [0-9a-f]+$/i;

/**
 * RFC 6698 §2.1: usage, selector, matching type, and data in hexadecimal digits.
 * @param chain DER, the server's own certificate first
 */
export function matchesTlsa(record: string, chain: readonly Buffer[]): boolean {
	const [usage, selector, matching, wanted = ''] = record.split(' ');
	// RFC 6698 §2.1.1: usages 1 and 3 name the server's own certificate, usages 0 and 2 one of an authority above it.
	const certificates = usage === '1' || usage === '3' ? chain.slice(0, 1) : chain;
	return certificates.some((der) => {
		const bytes = selector === '1' ? new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' }) : der;
		const shown =
			matching === '0'
				? bytes
				: createHash(matching === '2' ? 'sha512' : 'sha256')
						.update(bytes)
						.digest();
		return shown.toString('hex') === wanted.toLowerCase();
	});
}
