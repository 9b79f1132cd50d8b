/**
 * Looks for security.txt and the Web Key Directory on the domain's website. Only their presence is checked, and their absence is advice.
 */
import { type HttpFailure, type HttpResponse, sendHttpRequest } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';
import { type Finding, finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';

interface WebPolicy {
	readonly code: FindingCode;
	/** Places to look; one that answers is enough. */
	readonly urls: readonly (readonly [host: string, path: string])[];
}

function webPolicies(domain: string): readonly WebPolicy[] {
	return [
		// RFC 9116 §3.
		{ code: 'security-txt-absent', urls: [[domain, '/.well-known/security.txt']] },
		// draft-koch-openpgp-webkey-service §3.1, §4.5: the direct and the advanced method.
		{
			code: 'wkd-absent',
			urls: [
				[domain, '/.well-known/openpgpkey/policy'],
				[`openpgpkey.${domain}`, `/.well-known/openpgpkey/${domain}/policy`],
			],
		},
	];
}

/** Reports what is absent. A website that does not answer gives no finding, because nothing is known of its content then. */
export async function checkWebPolicies(domain: string, network: Network): Promise<readonly Finding[]> {
	const parts = await Promise.all(
		webPolicies(domain).map(async ({ code, urls }): Promise<readonly Finding[]> => {
			const answers = await Promise.all(
				urls.map(([host, target]) => sendHttpRequest(network, { scheme: 'https', host, method: 'GET', target, headers: {}, body: '' })),
			);
			const [[host, path] = [domain, '']] = urls;
			return answers.every(isAbsent) ? [finding(code, `https://${host}${path}`, 'a document', 'none')] : [];
		}),
	);
	return parts.flat();
}

function isAbsent(answer: HttpResponse | HttpFailure): boolean {
	return answer.ok ? answer.status === 404 || answer.status === 410 : answer.kind === 'no-address';
}
