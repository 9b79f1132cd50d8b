/** The alerts with which a server ends a TLS handshake (RFC 8446 §6). */

/** certificate_required: the server wanted a certificate of the client. Only TLS 1.3 has this alert. */
export const CERTIFICATE_REQUIRED_ALERT = 116;

/** What servers answer in TLS 1.2 where the client has no certificate: handshake_failure, bad_certificate, access_denied. */
const REFUSAL_ALERTS: readonly number[] = [40, 42, 49, CERTIFICATE_REQUIRED_ALERT];

/** The number of the alert that the server sent; null where the error is none. OpenSSL ends its message with it. */
export function tlsAlertNumber(error: Error): number | null {
	const [, number] = /SSL alert number (\d{1,3})/.exec(error.message) ?? [];
	return number === undefined ? null : Number(number);
}

/**
 * Whether a failed handshake means that the server demands a certificate of the client.
 * @param sawCertificate whether the server had shown its own, so that it had agreed to versions and ciphers before
 */
export function isCertificateDemand(error: Error, sawCertificate: boolean): boolean {
	const alert = tlsAlertNumber(error);
	return alert === CERTIFICATE_REQUIRED_ALERT || (sawCertificate && alert !== null && REFUSAL_ALERTS.includes(alert));
}
