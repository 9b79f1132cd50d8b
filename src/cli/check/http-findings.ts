/** Judges HTTP answers against what the record says. There is no I/O in this file. */
import type { WireResponse } from '../../protocols/protocol.ts';
import type { TlsHandshake } from '../probe/dialogue-steps.ts';
import type { HttpFailure, HttpResponse } from '../probe/http-request.ts';
import { sanitizeText } from '../terminal.ts';
import { type Finding, finding } from './finding.ts';
import type { HttpExpectation } from './http-expectations.ts';
import { type CertificateCodes, judgeCertificate } from './tls/certificate-findings.ts';

/** Whether a place is optional: the mail domain itself is usually somebody's website, where no answer is as good as the right one. */
function isOptional({ place }: HttpExpectation): boolean {
	return place.label === '';
}

export function judgeResponse(asked: HttpExpectation, got: HttpResponse): readonly Finding[] {
	const { expected } = asked;
	const place = asked.client === null ? asked.url : `${asked.url} (as ${asked.client})`;
	const wanted = expected.status ?? 200;
	if (got.status !== wanted) return judgeStatus(asked, got, place, wanted);
	if (expected.location !== undefined && got.location !== expected.location)
		return [
			finding(
				isOptional(asked) && asked.endpoint.method !== 'ANY' ? 'http-foreign' : 'http-location',
				place,
				expected.location,
				sanitizeText(got.location ?? 'no Location'),
			),
		];
	if (wanted >= 300) return [];
	if (!isSameBody(expected, got)) {
		if (isOptional(asked) && !isSameContentType(expected.type, got.contentType))
			return [finding('http-foreign', place, `404, or ${expected.type}`, `200 ${sanitizeText(got.contentType)}`)];
		return [
			finding(
				'http-body',
				place,
				`${expected.body.length} characters, as in the record`,
				firstDifference(expected.body, got.body.toString('utf8')),
			),
		];
	}
	return isSameContentType(expected.type, got.contentType) || isSignedProfile(expected, got)
		? []
		: [finding('http-type', place, expected.type, sanitizeText(got.contentType || 'no Content-Type'))];
}

function judgeStatus(asked: HttpExpectation, got: HttpResponse, place: string, wanted: number): readonly Finding[] {
	const found = `${got.status}${got.location === null ? '' : `, to ${sanitizeText(got.location)}`}`;
	if (isOptional(asked)) {
		if (asked.endpoint.method === 'ANY')
			return wanted < 400 ? [finding('http-wellknown', place, `${wanted} to ${asked.expected.location}`, found)] : [];
		// Thunderbird stops at the first 2xx answer and tries its next URL after any other status.
		return got.status >= 200 && got.status < 300 && wanted >= 400 ? [finding('http-foreign', place, String(wanted), found)] : [];
	}
	if (got.status >= 300 && got.status < 400 && wanted < 300) return [finding('http-redirect', place, String(wanted), found)];
	return [finding('http-status', place, String(wanted), found)];
}

function isSameBody(expected: WireResponse, got: HttpResponse): boolean {
	return got.body.equals(Buffer.from(expected.body)) || isSignedProfile(expected, got);
}

/** Whether an answer is the expected profile with a signature: CMS (DER, a SEQUENCE) that contains the profile's text unchanged. */
function isSignedProfile(expected: WireResponse, { body }: HttpResponse): boolean {
	return expected.sign === true && body[0] === 0x30 && body.includes(Buffer.from(expected.body));
}

// RFC 9110 §8.3.1: letter case and blanks around the semicolon do not matter; but Thunderbird 153 (FetchHTTP) compares the type itself
// letter by letter, and reads no document behind Text/XML.
function isSameContentType(expected: string, got: string): boolean {
	const [[type, parameters], [gotType, gotParameters]] = [contentTypeParts(expected), contentTypeParts(got)];
	return type === gotType && parameters === gotParameters;
}

function contentTypeParts(contentType: string): readonly [type: string, parameters: string] {
	const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
	return [type, parameters.join(';').toLowerCase().replace('charset="utf-8"', 'charset=utf-8')];
}

/** The first line in which the two texts differ, from both of them. */
function firstDifference(expected: string, got: string): string {
	const [mine, theirs] = [expected.split('\n'), got.split('\n')];
	const at = mine.findIndex((line, number) => line !== theirs[number]);
	if (at < 0) return `${got.length} characters: more behind the end`;
	return `line ${at + 1} reads ${sanitizeText((theirs[at] ?? '(nothing)').trim(), 60)} and not ${sanitizeText((mine[at] ?? '').trim(), 60)}`;
}

/** @param first whether it is the first failure at this host; later ones are not reported again */
export function judgeRequestFailure(asked: HttpExpectation, { kind, reason }: HttpFailure, first: boolean): readonly Finding[] {
	if (isOptional(asked)) return [];
	// A host that only a part of the record's formats needs may be absent when the record has no such format.
	if ((asked.expected.status ?? 200) >= 400) return [];
	if (!first && kind !== 'too-much') return [];
	return [finding('http-unreachable', asked.url, 'an answer', sanitizeText(reason))];
}

const HTTPS_CODES: CertificateCodes = {
	untrusted: 'https-untrusted',
	chain: 'https-untrusted',
	chainExpired: 'https-untrusted',
	notYet: 'https-expired',
	expired: 'https-expired',
	expires: 'https-expires',
	name: 'https-name',
};

/** Judges the certificate of a host. That of the mail domain itself is not judged: it is the website's, and clients that find it bad try their next URL. */
export function judgeHostCertificate(host: string, isDomain: boolean, tls: TlsHandshake, now: number): readonly Finding[] {
	if (isDomain) return [];
	const old =
		tls.version === 'TLSv1' || tls.version === 'TLSv1.1' ? [finding('https-old', `https://${host}`, 'TLS 1.2 or 1.3', tls.version)] : [];
	return [...old, ...judgeCertificate(`https://${host}`, host, tls, now, HTTPS_CODES)];
}

/** Judges an answer over plain http: the same document, a redirect to https, or no answer are all right. */
export function judgePlainHttp(asked: HttpExpectation, got: HttpResponse | HttpFailure): readonly Finding[] {
	if (!got.ok || got.status >= 400) return [];
	if (got.status >= 300)
		return got.location?.startsWith('https://') === true
			? []
			: [
					finding(
						'http-plain-foreign',
						asked.url.replace('https:', 'http:'),
						'a redirect to https',
						sanitizeText(got.location ?? 'no Location'),
					),
				];
	return isSameBody(asked.expected, got)
		? []
		: [
				finding(
					'http-plain-foreign',
					asked.url.replace('https:', 'http:'),
					'the same document as over https',
					`${got.status} ${sanitizeText(got.contentType)}`,
				),
			];
}
