/** What a port showed in TLS and nobody here can judge: it must not pass for strong. */
import { type Remark, uniqueRemarks } from '../../../lib/result.ts';
import type { TlsHandshake } from '../../probe/dialogue-steps.ts';
import type { TlsSurvey } from '../../probe/survey-tls.ts';
import { sanitizeText } from '../../terminal.ts';
import { readCertificateFacts } from './certificate-facts.ts';
import { acceptedHandshakes } from './tls-findings.ts';

export function unclearTls(place: string, survey: TlsSurvey): readonly Remark[] {
	return uniqueRemarks(
		acceptedHandshakes(survey)
			.flatMap(unclearParts)
			.map((reason) => ({ place, reason })),
	);
}

const KNOWN_VERSIONS: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

function unclearParts({ version, cipher, chain, extendedMasterSecret }: TlsHandshake): readonly string[] {
	const facts = chain.map(readCertificateFacts);
	const isKnown = KNOWN_VERSIONS.includes(version);
	return [
		...(isKnown ? [] : [`a TLS version that is not known here: ${sanitizeText(version)}`]),
		...(cipher === 'unknown' ? ['which cipher was taken'] : []),
		...(facts.includes(null) ? ['a certificate that cannot be read'] : []),
		...(facts.some((each) => each?.isKnownKind === false) ? ['a certificate with a kind of key or signature that is not known here'] : []),
		...(isKnown && version !== 'TLSv1.3' && extendedMasterSecret === null ? ['whether the extended master secret is in use'] : []),
	];
}
