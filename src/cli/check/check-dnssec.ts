/** Whether the zone is signed, and whether its TLSA records are of use: signed, and of a certificate that the server shows. */
import { createHash, X509Certificate } from 'node:crypto';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { type ClientConfig, isSocketOffer, type SocketOffer } from '../../model/config.ts';
import type { Network } from '../probe/network.ts';
import type { PartialReport } from './finding.ts';
import { type Finding, finding, type Remark } from './finding.ts';
import { readMailCertificate } from './server-certificate.ts';

/** Only a validating resolver can tell; the signed root shows whether it is one. TLSA must not stand in an unsigned zone. */
export async function checkDnssec({ domain, offers }: ClientConfig, network: Network): Promise<PartialReport> {
	const { resolver } = network;
	const root = await resolver.query('.', 'NS');
	if (!root.ok || !root.value.authenticated) return { findings: [], unlooked: [] };
	const own = await resolver.query(domain, 'MX');
	const isUnsigned = own.ok && !own.value.authenticated && own.value.rcode !== 'SERVFAIL';
	const places = new Map(offers.filter(isSocketOffer).map((offer) => [`_${offer.port}._tcp.${offer.host}`, offer]));
	const parts = await mapConcurrently([...places], 8, ([place, offer]) => checkTlsa(place, offer, network));
	return {
		findings: [
			...(isUnsigned ? [finding('dnssec-absent', domain, 'a signed zone', 'unsigned')] : []),
			...parts.flatMap(({ findings }) => findings),
		],
		unlooked: parts.flatMap(({ unlooked }) => unlooked),
	};
}

async function checkTlsa(place: string, offer: SocketOffer, network: Network): Promise<PartialReport> {
	const told = (findings: readonly Finding[], unlooked: readonly Remark[] = []): PartialReport => ({ findings, unlooked });
	const reply = await network.resolver.query(place, 'TLSA');
	if (!reply.ok) return told([], [{ place: `${place} TLSA`, reason: 'DNS did not answer' }]);
	const records = reply.value.records.filter(({ type }) => type === 'TLSA').map(({ data }) => data);
	if (records.length === 0) return told([]);
	if (!reply.value.authenticated) return told([finding('tlsa-unsigned', place, 'a signed zone, or no TLSA', 'TLSA in an unsigned zone')]);
	const shown = await readMailCertificate(network, offer);
	if (shown === null || shown.chain.length === 0)
		return told([], [{ place: `${place} TLSA`, reason: 'the server showed no certificate to compare with' }]);
	return records.some((record) => matchesTlsa(record, shown.chain))
		? told([])
		: told([finding('tlsa-mismatch', place, 'a TLSA record of the certificate that the server shows', records.join(', '))]);
}

/**
 * RFC 6698 §2.1: usage, selector, matching type, and data in hexadecimal digits.
 * @param chain DER, the server's own certificate first
 */
export function matchesTlsa(record: string, chain: readonly Buffer[]): boolean {
	const [usage, selector, matching, wanted = ''] = record.split(' ');
	// RFC 6698 §2.1.1: 1 and 3 are the server's own certificate, 0 and 2 one of an authority above it.
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
