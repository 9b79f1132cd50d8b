/** Judges whether each kind of mail client can use the TLS of a port: it connects, it warns, or it refuses. */
import { DAY_MS } from '../../../lib/time.ts';
import type { TlsHandshake } from '../../probe/dialogue-steps.ts';
import { AEAD_CIPHER, type TlsSurvey } from '../../probe/survey-tls.ts';
import type { TlsOfferName } from '../../probe/tls-offer.ts';
import { readCertificateFacts } from './certificate-facts.ts';
import { type ClientVerdict, TLS_CLIENT_CLASSES, type TlsClientClass } from './client-classes.ts';
import { acceptedHandshakes, acceptedOffer, tls12Handshake } from './tls-findings.ts';

export function judgeClients(place: string, survey: TlsSurvey, now: number): readonly ClientVerdict[] {
	return TLS_CLIENT_CLASSES.map((client) => {
		const { evidence, source } = client;
		return { place, client: client.name, ...judgeClient(client, survey, now), evidence, source };
	});
}

type Verdict = Pick<ClientVerdict, 'verdict' | 'reason'>;

function judgeClient(client: TlsClientClass, survey: TlsSurvey, now: number): Verdict {
	const taken = new Set(acceptedHandshakes(survey).map(({ version }) => version));
	const version = client.versions.find((each) => taken.has(each));
	if (version === undefined) {
		const isUnknown = [...survey.answers].some(([name, { outcome }]) => VERSION_OFFERS.includes(name) && outcome === 'untried');
		return isUnknown
			? UNTRIED
			: { verdict: 'refuses', reason: `no TLS version in common (${client.versions.map(versionText).join(', ')})` };
	}
	if (version !== 'TLSv1.3') {
		const obstacle = cipherObstacle(client, survey);
		if (obstacle !== null) return obstacle;
	}
	const shown = certificateFor(client, survey);
	if (shown === 'untried') return UNTRIED;
	if (shown === null) return { verdict: 'refuses', reason: 'no certificate of a kind that it knows' };
	const fault = certificateFault(client, shown, now);
	return fault === null ? { verdict: 'connects', reason: '' } : { verdict: client.onBadCertificate, reason: fault };
}

const UNTRIED: Verdict = { verdict: 'unknown', reason: 'the server broke off before it could be tried' };
const VERSION_OFFERS: readonly TlsOfferName[] = ['tls12', 'tls11', 'tls10'];
const versionText = (version: string) => version.replace(/^TLSv1$/, 'TLSv1.0').replace('TLSv', 'TLS ');

/** Looks for a cipher suite of TLS 1.2 or older that client and server have in common. */
function cipherObstacle(client: TlsClientClass, survey: TlsSurvey): Verdict | null {
	const usual = tls12Handshake(survey) ?? acceptedOffer(survey, 'tls11') ?? acceptedOffer(survey, 'tls10');
	const seen = [usual, acceptedOffer(survey, 'ephemeral'), acceptedOffer(survey, 'staticRsa'), acceptedOffer(survey, 'dhe')];
	const suites = [...seen, acceptedOffer(survey, 'tls11'), acceptedOffer(survey, 'tls10')].flatMap((tls) => tls ?? []);
	const common = suites.filter(({ cipher, ephemeralKey }) => {
		const exchange = keyExchangeOf(cipher);
		if (exchange === null || !client.keyExchanges.includes(exchange)) return false;
		return exchange !== 'DHE' || ephemeralKey === null || ephemeralKey.bits >= client.minDhBits;
	});
	if (common.length > 0) {
		// A server that has AES-GCM with a key exchange nearly always has CBC with it too, but that was not tested.
		if (client.hasAead || common.some(({ cipher }) => !AEAD_CIPHER.test(cipher))) return null;
		return { verdict: 'unknown', reason: 'whether the server has CBC ciphers for it was not looked at' };
	}
	const untried = (['ephemeral', 'staticRsa', 'dhe'] as const).some((name) => survey.answers.get(name)?.outcome === 'untried');
	return untried ? UNTRIED : { verdict: 'refuses', reason: `no key exchange in common (${client.keyExchanges.join(', ')})` };
}

/** The key exchange, by OpenSSL's name of the cipher suite; null where it is anonymous or does not encrypt. */
function keyExchangeOf(cipher: string): 'ECDHE' | 'DHE' | 'RSA' | null {
	if (/^A(EC)?DH-|NULL/.test(cipher)) return null;
	if (cipher.startsWith('ECDHE-')) return 'ECDHE';
	return cipher.startsWith('DHE-') ? 'DHE' : 'RSA';
}

/** The handshake with the certificate that the client would be shown; null where the server has no certificate of a kind that it knows. */
function certificateFor(client: TlsClientClass, survey: TlsSurvey): TlsHandshake | 'untried' | null {
	const nameless = survey.answers.get('withoutServerName');
	if (!client.sendsServerName && nameless?.outcome === 'refused') return null;
	if (!client.sendsServerName && nameless?.outcome === 'untried') return 'untried';
	const kindOf = (tls: TlsHandshake) => {
		const [leaf] = tls.chain;
		const kind = leaf === undefined ? null : (readCertificateFacts(leaf)?.keyKind ?? null);
		return kind === 'other' ? 'EC' : kind;
	};
	const first = !client.sendsServerName && nameless?.outcome === 'accepted' ? [nameless.tls] : [survey.usual];
	const others = ['ecdsaCertificate', 'rsaCertificate', 'ecdsaCertificate13', 'rsaCertificate13', 'staticRsa'] as const;
	const shown = [...first, ...others.flatMap((name) => acceptedOffer(survey, name) ?? [])];
	return shown.find((tls) => client.certificates.some((kind) => kind === kindOf(tls))) ?? null;
}

function certificateFault(client: TlsClientClass, tls: TlsHandshake, now: number): string | null {
	const [leaf] = tls.chain.flatMap((der) => readCertificateFacts(der) ?? []);
	if (leaf === undefined) return 'no certificate';
	if (tls.validTo <= now || tls.validFrom > now) return 'the certificate is not valid today';
	if (!tls.nameMatches) return 'the certificate has another name';
	if (tls.verifyError !== null) return `the chain is not trusted (${tls.verifyError})`;
	if (client.needsAlternativeName && !leaf.hasAlternativeNames) return 'the name stands in the common name alone';
	if (leaf.keyKind === 'RSA' && leaf.keyBits !== null && leaf.keyBits < client.minRsaBits) return `an RSA key of ${leaf.keyBits} bits`;
	if (client.refusesSha1 && leaf.weakHash !== null) return `a signature with ${leaf.weakHash}`;
	if (client.needsServerUse && leaf.serverUse !== 'named') return 'the certificate does not say that it is for servers';
	const days = Math.round((tls.validTo - tls.validFrom) / DAY_MS);
	if (client.maxLifeDays !== null && days > client.maxLifeDays) return `a life of ${days} days`;
	return client.enforcesStaple && leaf.mustStaple && !tls.hasOcspResponse
		? 'no stapled OCSP response, which the certificate promises'
		: null;
}
