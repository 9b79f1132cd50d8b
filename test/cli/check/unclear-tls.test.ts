/** What a port shows and nobody here can judge costs the letter. */
import { expect, it } from 'vitest';
import { emptyArea, gradeOf } from '../../../src/cli/check/finding.ts';
import { unclearTls } from '../../../src/cli/check/tls/unclear-tls.ts';
import type { TlsHandshake } from '../../../src/cli/probe/dialogue-steps.ts';
import type { TlsSurvey } from '../../../src/cli/probe/survey-tls.ts';
import { createTestAuthority } from '../../support/test-authority.ts';

const { cert } = await (await createTestAuthority()).leaf({ names: ['mail.example.com'] });
const der = Buffer.from(cert.replace(/-----.*?-----|\s/g, ''), 'base64');
const usual: TlsHandshake = {
	version: 'TLSv1.2',
	cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256',
	ephemeralKey: { kind: 'ECDH', curve: 'X25519', bits: 253 },
	extendedMasterSecret: true,
	hasOcspResponse: false,
	verifyError: null,
	nameMatches: true,
	certificateNames: ['mail.example.com'],
	issuer: 'Signpost tests',
	chain: [der],
	validFrom: 0,
	validTo: 1,
};
const survey = (odd: Partial<TlsHandshake>): TlsSurvey => ({
	usual: { ...usual, ...odd },
	answers: new Map(),
	renegotiates: false,
	allowsEarlyData: false,
});

/** ecdsa-with-SHA256 at the end of a certificate, with its last arc made one that nobody has assigned. */
function withUnknownSignature(bytes: Buffer): Buffer {
	const oid = Buffer.from('06082a8648ce3d040302', 'hex');
	const odd = Buffer.from(bytes);
	for (let at = odd.indexOf(oid); at >= 0; at = odd.indexOf(oid, at + 1)) odd[at + oid.length - 1] = 0x7f;
	return odd;
}

it('a handshake of which everything is known has nothing unclear', () => {
	expect(unclearTls('mail.example.com:465', survey({}))).toEqual([]);
});

it.each<[string, Partial<TlsHandshake>, RegExp]>([
	['a version of the future', { version: 'TLSv1.4' }, /TLSv1\.4/],
	['no name of a cipher', { cipher: 'unknown' }, /which cipher/],
	['bytes that are no certificate', { chain: [der, Buffer.from('no certificate')] }, /cannot be read/],
	['a signature that nobody knows', { chain: [withUnknownSignature(der)] }, /not known here/],
	['a session that cannot be read', { extendedMasterSecret: null }, /extended master secret/],
])('%s is not understood', (_, odd, reason) => {
	const unclear = unclearTls('mail.example.com:465', survey(odd));
	expect(unclear).toEqual([{ place: 'mail.example.com:465', reason: expect.stringMatching(reason) }]);
	expect(gradeOf({ ...emptyArea('mail'), unclear })).toBeNull();
});
