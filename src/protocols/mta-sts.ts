/** MTA-STS: the policy that tells sending servers to insist on TLS; and TLS-RPT, which asks them to report. */
import { sha256Hex } from '../lib/digest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ClientConfig, MtaSts } from '../model/config.ts';
import { type DnsRecord, publishesName } from '../model/dns-record.ts';
import type { EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { domainOfHost, sampleRequestAt } from './request.ts';

const POLICY_HOST_PREFIX = 'mta-sts.';

/** The policy as senders get it. */
export function renderPolicy(policy: MtaSts): string {
	const lines = ['version: STSv1', `mode: ${policy.mode}`, ...policy.mx.map((mx) => `mx: ${mx}`), `max_age: ${policy.maxAge}`];
	// RFC 8461 §3.2: CRLF-terminated (erratum 6253 lets the ABNF take LF too).
	return lines.map((line) => `${line}\r\n`).join('');
}

const policyEndpoint: Endpoint = {
	id: 'mta-sts',
	method: 'GET',
	locations: [{ label: 'mta-sts', path: '/.well-known/mta-sts.txt' }],
	// RFC 8461 §3.3: senders do not use HTTP caching.
	cacheControl: 'no-cache',
	cors: false,
	servesOtherDomains: false,
	sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
	parseRequest(request: WireRequest) {
		// RFC 8461 §3.3: the policy host is mta-sts.D and no other, so neither an address nor the host as it is can name the domain.
		const own = request.host.startsWith(POLICY_HOST_PREFIX) ? domainOfHost(request.host) : null;
		if (own === null) return err({ code: 'unknown-domain' });
		return ok({
			candidates: [own],
			address: null,
			cacheKey: '',
			respond: ({ mtaSts }: ClientConfig): Result<WireResponse, Problem> =>
				mtaSts === null ? err({ code: 'not-offered' }) : ok({ type: 'text/plain; charset=utf-8', body: renderPolicy(mtaSts) }),
		});
	},
	renderProblem: renderProblemAsText,
};

export const mtaSts: Protocol = {
	id: 'mta-sts',
	title: 'MTA-STS and TLS-RPT',
	spec: 'RFC 8461, RFC 8460',
	endpoints: [policyEndpoint],
	async dnsRecords(config, site) {
		const { domain, mtaSts, tlsReports } = config;
		const records: DnsRecord[] = [];
		if (mtaSts !== null && publishesName(config, site, 'mta-sts')) {
			// RFC 8461 §3.1: the id has 1 to 32 letters and digits and must change with the policy. A digest of the policy changes exactly then.
			const id = (await sha256Hex(renderPolicy(mtaSts))).slice(0, 20);
			records.push({ type: 'CNAME', name: `mta-sts.${domain}`, target: site.host });
			records.push({ type: 'TXT', name: `_mta-sts.${domain}`, text: `v=STSv1; id=${id}` });
		}
		// RFC 8460 §3: several URIs are separated by commas.
		if (tlsReports.length > 0) records.push({ type: 'TXT', name: `_smtp._tls.${domain}`, text: `v=TLSRPTv1; rua=${tlsReports.join(',')}` });
		return records;
	},
};
