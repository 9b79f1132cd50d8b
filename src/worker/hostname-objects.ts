/** The keeper of custom hostnames on Cloudflare, with its API and the records. Its Durable Object loads it when it is called. */
import { readWantedHostnames } from '../admin/record-hostnames.ts';
import { createCustomHostnamesApi } from '../hostnames/custom-hostnames-api.ts';
import { createProviderTransport } from '../lib/http/provider-request.ts';
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

const sendToCloudflare = createProviderTransport(
	// The Workers runtime knows no redirect: 'error'; what is not followed is an answer of 300 or above, and so a failure.
	({ method, url, headers, body }) => fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }),
	MAX_ANSWER_BYTES,
);
