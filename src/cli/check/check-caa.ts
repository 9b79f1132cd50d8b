/** Which authorities may issue the certificates that clients of the domain see (RFC 8659). */

import type { LiveRecord } from '../../dns/live-zone.ts';
import type { ZoneComparison } from '../../dns/zone-comparison.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { type ClientConfig, isSocketOffer } from '../../model/config.ts';
import { isConclusive, type Resolver } from '../dns/resolver.ts';
import type { Network } from '../probe/network.ts';
import { sanitizeText } from '../terminal.ts';
import { finding, joinParts, type PartialReport, partWith, unclearPart, unlookedPart } from './finding.ts';
import { readHttpsCertificate, readMailCertificate } from './server-certificate.ts';

/** The CAA records that decide for a name. */
interface RelevantCaa {
	/** The name that has these records: the name itself, or the nearest one above it that has any. */
	readonly owner: string;
	readonly records: readonly CaaRecord[];
	/** Data that is not as RFC 8659 §4.1.1 has it. */
	readonly strange: readonly string[];
}

interface CaaRecord {
	readonly critical: boolean;
	/** The tag in lower case. */
	readonly tag: string;
	readonly value: string;
}

/** What CAA calls the authorities that issue for most mail and web servers, by the organization in their certificates. */
const AUTHORITIES: readonly (readonly [organization: RegExp, domains: readonly string[]])[] = [
	[/let's encrypt/i, ['letsencrypt.org']],
	[/google trust services/i, ['pki.goog']],
	[/zerossl|sectigo|comodo/i, ['sectigo.com', 'comodoca.com', 'comodo.com', 'usertrust.com', 'trust-provider.com']],
	[/digicert|thawte|geotrust|rapidssl/i, ['digicert.com', 'digicert.ne.jp', 'symantec.com', 'thawte.com', 'geotrust.com', 'rapidssl.com']],
	[/ssl corp/i, ['ssl.com']],
	[/globalsign/i, ['globalsign.com']],
	[/amazon/i, ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com']],
	[/buypass/i, ['buypass.com', 'buypass.no']],
	[/godaddy|starfield/i, ['godaddy.com', 'starfieldtech.com']],
	[/certum|asseco/i, ['certum.pl', 'certum.eu']],
	[/harica|hellenic academic/i, ['harica.gr']],
	[/actalis/i, ['actalis.it']],
	[/microsoft/i, ['microsoft.com']],
	[/d-trust/i, ['d-trust.net', 'dtrust.de', 'd-trust.de', 'dtrust.net']],
	[/telesec|deutsche telekom/i, ['telesec.de']],
];

/** Checks the mail hosts, and the names of the domain that lead to the service. */
export async function checkCaa(config: ClientConfig, { records }: ZoneComparison, network: Network): Promise<PartialReport> {
	const { domain, offers } = config;
	const { resolver } = network;
	const aliases = records.filter(({ type, state }) => type === 'CNAME' && state === 'present').map(({ name }) => name);
	const sockets = offers.filter(isSocketOffer).filter((offer, at, all) => all.findIndex(({ host }) => host === offer.host) === at);
	const names = [
		...aliases.map((name) => ({ name, certificate: () => readHttpsCertificate(network, name) })),
		...sockets.map((offer) => ({ name: offer.host as string, certificate: () => readMailCertificate(network, offer) })),
	];
	const own = await findRelevantCaa(resolver, domain);
	const parts = await mapConcurrently(names, 8, async ({ name, certificate }): Promise<PartialReport> => {
		const found = await findRelevantCaa(resolver, name);
		if (found === 'unanswered') return unlookedPart(`${name} CAA`, 'DNS did not answer');
		if (found === null) return partWith();
		if (found.strange.length > 0)
			return unclearPart(`${found.owner} CAA`, `"${sanitizeText(found.strange.join(' and '))}" is no CAA record`);
		const allowed = allowedAuthorities(found.records);
		if (allowed === 'any') return partWith();
		const text = found.records.map(({ tag, value }) => `${tag} "${value}"`).join(', ');
		if (allowed.length === 0) return partWith(finding('caa-forbids', found.owner, 'an authority that may issue', text));
		const shown = await certificate();
		const question = `whether CAA (${text}) lets the present certificate be renewed`;
		if (shown === null) return unlookedPart(name, `${question}: the server showed none`);
		const domains = AUTHORITIES.find(([organization]) => organization.test(shown.issuer))?.[1];
		if (domains === undefined)
			return unclearPart(name, `${question}: what CAA calls "${sanitizeText(shown.issuer, 60)}" is not known here`);
		if (domains.some((each) => allowed.includes(each))) return partWith();
		return partWith(finding('caa-other-authority', name, `${domains[0]}, which issued the present certificate`, text));
	});
	const ownPart =
		own === 'unanswered'
			? unlookedPart(`${domain} CAA`, 'DNS did not answer')
			: partWith(...(own === null ? [finding('caa-absent', domain, 'a CAA record', 'none')] : []));
	const all = joinParts([...parts, ownPart]);
	return { ...all, findings: [...new Map(all.findings.map((each) => [`${each.code} ${each.place}`, each])).values()] };
}

/** RFC 8659 §3: the nearest name upwards that has any CAA record decides, whatever is in it; aliases are followed by the name server. */
async function findRelevantCaa(resolver: Resolver, name: string): Promise<RelevantCaa | 'unanswered' | null> {
	for (let owner = name; owner !== ''; owner = owner.includes('.') ? owner.slice(owner.indexOf('.') + 1) : '') {
		const reply = await resolver.query(owner, 'CAA');
		if (!reply.ok || !isConclusive(reply.value)) {
			// A name server that serves nothing but the mail domain's zone refuses questions about the names above that zone.
			return reply.ok && reply.value.rcode === 'REFUSED' ? null : 'unanswered';
		}
		const answered = reply.value.records.filter(({ type }) => type === 'CAA');
		const records = answered.flatMap((record) => parseCaa(record) ?? []);
		const strange = answered.filter((record) => parseCaa(record) === null).map(({ data }) => data);
		if (answered.length > 0) return { owner, records, strange };
	}
	return null;
}

function parseCaa({ type, data }: LiveRecord): CaaRecord | null {
	const parts = type === 'CAA' ? /^(\d+) (\S+) "?(.*?)"?$/s.exec(data) : null;
	if (parts === null) return null;
	return { critical: (Number(parts[1]) & 128) !== 0, tag: (parts[2] ?? '').toLowerCase(), value: parts[3] ?? '' };
}

// RFC 8659 §4, RFC 9495, and the CA/Browser Forum's contact tags.
const KNOWN_TAGS: readonly string[] = ['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc', 'contactemail', 'contactphone'];

/** Domains of the authorities that may issue a certificate for one name; `any` where nothing restricts them (`iodef` alone does not). */
function allowedAuthorities(records: readonly CaaRecord[]): readonly string[] | 'any' {
	// RFC 8659 §4.1: with a critical property that it does not know, an authority must not issue.
	if (records.some(({ critical, tag }) => critical && !KNOWN_TAGS.includes(tag))) return [];
	const issue = records.filter(({ tag }) => tag === 'issue');
	if (issue.length === 0) return 'any';
	return issue.map(({ value }) => (value.split(';')[0] ?? '').trim().toLowerCase()).filter((authority) => authority !== '');
}
