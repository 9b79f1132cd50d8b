/** The keeper of custom hostnames on Cloudflare, with its API and the records. Its Durable Object loads it when it is called. */
import { readWantedHostnames } from '../admin/record-hostnames.ts';
import { createCustomHostnamesApi } from '../hostnames/custom-hostnames-api.ts';
import { errorMessage } from '../lib/error-message.ts';
import type { ProviderTransport } from '../lib/http/provider-request.ts';
import { readTextLimited } from '../lib/read-limited.ts';
import { err, ok } from '../lib/result.ts';
import { HostnameKeeper } from '../store/objects/hostnames/hostname-keeper.ts';
import type { ObjectPlatform } from '../store/ports/platform.ts';
import type { HostnameSettings } from './hostname-settings.ts';
import { directoryStub, recordHistoryStubs } from './stubs.ts';

/** Milliseconds to wait for an answer of Cloudflare. */
const TIMEOUT_MS = 20_000;
/** Bytes of an answer: a page of fifty hostnames has a tenth of it. */
const MAX_ANSWER_BYTES = 2_000_000;

export function createHostnameKeeper(
	platform: ObjectPlatform,
	{ access, limit, graceMs, ownZones, site }: HostnameSettings,
	{ KEEPERS, DIRECTORY }: Pick<Env, 'KEEPERS' | 'DIRECTORY'>,
): HostnameKeeper {
	const recordHistory = recordHistoryStubs(KEEPERS);
	return new HostnameKeeper(platform, {
		api: createCustomHostnamesApi(access, sendToCloudflare),
		readWanted: (domain) => readWantedHostnames(domain, { recordHistory, site, ownZones, now: Date.now() }),
		directory: directoryStub(DIRECTORY),
		limit,
		graceMs,
		site: JSON.stringify([site, ownZones]),
	});
}

const sendToCloudflare: ProviderTransport = async ({ method, url, headers, body }) => {
	try {
		// A redirect is not followed: it would carry the secret to another host.
		const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
		const text = await readTextLimited(response.body, MAX_ANSWER_BYTES);
		const retryAfter = response.headers.get('Retry-After') ?? '';
		const retryAfterSeconds = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
		return text.ok ? ok({ status: response.status, text: text.value, retryAfterSeconds }) : err('the answer is too long');
	} catch (error) {
		return err(errorMessage(error));
	}
};
