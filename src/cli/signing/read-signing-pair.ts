/** Reads a private key and its certificates from an operator's files, and converts them to the form that the service uses. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorMessage } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { SigningPair } from '../../store/ports/signing-keys.ts';
import type { Failure } from '../terminal.ts';

/** Reads both files. The key may be in any of the forms that openssl writes without a passphrase; it is converted to PKCS#8. */
export async function readSigningPair(keyFile: string, chainFile: string): Promise<Result<SigningPair, Failure>> {
	const key = await readTextFile(keyFile);
	if (!key.ok) return key;
	const chain = await readTextFile(chainFile);
	if (!chain.ok) return chain;
	const converted = parsePrivateKey(key.value, keyFile);
	if (!converted.ok) return converted;
	// Text around the certificates, and a key in the same file, must not be uploaded.
	const certificates = chain.value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	if (certificates.length === 0)
		return err({
			message: `${chainFile} holds no certificate`,
			hint: 'Give PEM, the signer’s own first: fullchain.pem of an ACME client is right.',
		});
	return ok({ key: converted.value, chain: `${certificates.join('\n')}\n` });
}

async function readTextFile(file: string): Promise<Result<string, Failure>> {
	try {
		return ok(await readFile(file, 'utf8'));
	} catch (error) {
		return err({ message: `${file} cannot be read: ${errorMessage(error)}` });
	}
}

/** PKCS#8 PEM (RFC 5958) from PKCS#8, SEC 1 (`EC PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`). */
function parsePrivateKey(text: string, file: string): Result<string, Failure> {
	if (/ENCRYPTED/.test(text))
		return err({
			message: `the key in ${file} is encrypted`,
			hint: `The service cannot ask for a passphrase: openssl pkey -in ${file} -out plain.pem, and keep that file safe.`,
		});
	let key: KeyObject;
	try {
		key = createPrivateKey(text);
	} catch (error) {
		return err({ message: `${file} holds no private key in PEM: ${errorMessage(error)}` });
	}
	return ok(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}
