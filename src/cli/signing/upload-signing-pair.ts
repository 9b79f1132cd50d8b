/** Uploads a key and its certificates: to the Worker's secrets, to KV, or to the files of `npm start`. */
import { readFile, writeFile } from 'node:fs/promises';
import { hasErrorCode } from '../../lib/error-message.ts';
import { ok, type Result } from '../../lib/result.ts';
import { signingKvKey } from '../../store/kv/kv-signing-keys.ts';
import { SERVICE_OWNER, type SigningPair } from '../../store/ports/signing-keys.ts';
import { putKvValue } from '../cloudflare/put-kv.ts';
import { runWrangler } from '../cloudflare/run-wrangler.ts';
import type { Failure } from '../terminal.ts';

/** A secret holds 5 KB (Workers limits, "Environment variables"). */
export const MAX_SECRET_BYTES = 5 * 1024;

export interface UploadDestination {
	/** The domain whose profiles it signs; null for all domains without a key of their own. */
	readonly domain: string | null;
	/** Whether it is for `npm start` on this machine, and not for the deployed service. */
	readonly local: boolean;
	/** The folder in which `npm start` keeps its state. */
	readonly state: string;
}

/** Whether the pair goes to KV: because it is a domain's own, or too long for a secret. */
export function isStoredInKv(pair: SigningPair, { domain }: UploadDestination): boolean {
	return domain !== null || [pair.key, pair.chain].some((text) => Buffer.byteLength(text) > MAX_SECRET_BYTES);
}

/** Uploads. @returns what was done, for the operator to read */
export async function uploadSigningPair(pair: SigningPair, destination: UploadDestination): Promise<Result<string, Failure>> {
	if (isStoredInKv(pair, destination)) return putIntoKv(pair, destination);
	if (destination.local) return writeDevVars(pair);
	for (const [name, value] of workerSecrets(pair)) {
		const put = await runWrangler(['secret', 'put', name], 'deployed', value);
		if (!put.ok) return put;
	}
	return ok('PROFILE_SIGNING_KEY and PROFILE_SIGNING_CHAIN are secrets of the Worker now; it uses them from its next request on.');
}

function workerSecrets({ key, chain }: SigningPair): readonly (readonly [name: string, value: string])[] {
	return [
		['PROFILE_SIGNING_KEY', key],
		['PROFILE_SIGNING_CHAIN', chain],
	];
}

async function putIntoKv(pair: SigningPair, { domain, local, state }: UploadDestination): Promise<Result<string, Failure>> {
	const name = signingKvKey(domain ?? SERVICE_OWNER);
	const put = await putKvValue(name, JSON.stringify(pair), local ? { kind: 'local', state } : { kind: 'deployed' });
	if (!put.ok) return put;
	return ok(
		`${name} is in KV. The service reads it where PROFILE_SIGNING_STORE is "on" in wrangler.toml, five minutes from now at the latest.`,
	);
}

/** `.dev.vars`, which wrangler reads for `npm start`; its other lines stay. */
async function writeDevVars(pair: SigningPair): Promise<Result<string, Failure>> {
	const old = await readFile('.dev.vars', 'utf8').catch((error: unknown) => {
		if (hasErrorCode(error, 'ENOENT')) return '';
		throw error;
	});
	const kept = old.split('\n').filter((line) => line !== '' && !/^PROFILE_SIGNING_(KEY|CHAIN)=/.test(line));
	const lines = workerSecrets(pair).map(([name, value]) => `${name}="${value.replaceAll('\n', '\\n')}"`);
	await writeFile('.dev.vars', `${[...kept, ...lines].join('\n')}\n`, { mode: 0o600 });
	return ok('PROFILE_SIGNING_KEY and PROFILE_SIGNING_CHAIN are in .dev.vars; npm start uses them from its next start on.');
}
