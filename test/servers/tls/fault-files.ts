/** Certificates, and groups of Diffie-Hellman, with one fault each, for servers that are told of them by file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS } from '../../../src/lib/time.ts';
import { oakleyGroup2 } from '../../support/oakley-group.ts';
import { createTestAuthority, type KeyPair, rsaKey, type TestAuthority } from '../../support/test-authority.ts';
import { type CertificateFiles, LAB_HOST } from './lab-server.ts';

export interface FaultFiles {
	/** The folder that has them, and ca.pem of the authority. */
	readonly folder: string;
	/** Of a good certificate with its intermediate, for advice that names files. */
	readonly files: CertificateFiles;
	/** A group of 1024 bits. */
	readonly dh1024: string;
	readonly pairs: {
		readonly good: KeyPair;
		readonly expired: KeyPair;
		readonly otherName: KeyPair;
		/** With an RSA key of 1024 bits. */
		readonly small: KeyPair;
		/** Without its intermediate. */
		readonly chainless: KeyPair;
		/** With an intermediate that has expired. */
		readonly chainExpired: KeyPair;
		/** Of an authority that nobody knows. */
		readonly stranger: KeyPair;
	};
}

export async function writeFaultFiles(folder: string, authority: TestAuthority): Promise<FaultFiles> {
	const leaf = (options: Partial<Parameters<TestAuthority['leaf']>[0]> = {}, by = authority) =>
		by.leaf({ names: [LAB_HOST], key: rsaKey(2048), until: Date.now() + 90 * DAY_MS, ...options });
	const write = (name: string, text: string) => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	const chainless = await leaf({ by: 'intermediate' });
	const fullchain = `${chainless.cert}\n${authority.intermediate}`;
	return {
		folder,
		files: {
			fullchain: write('fullchain.pem', fullchain),
			privkey: write('privkey.pem', chainless.key),
			both: write('both.pem', `${chainless.key}\n${fullchain}`),
		},
		dh1024: write('dh1024.pem', oakleyGroup2()),
		pairs: {
			good: await leaf(),
			expired: await leaf({ until: Date.now() - DAY_MS }),
			otherName: await leaf({ names: ['www.example.com'] }),
			small: await leaf({ key: rsaKey(1024) }),
			chainless,
			chainExpired: { key: chainless.key, cert: `${chainless.cert}\n${authority.expiredIntermediate}` },
			stranger: await leaf({}, await createTestAuthority()),
		},
	};
}
