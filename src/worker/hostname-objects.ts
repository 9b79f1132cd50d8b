/** The keeper of custom hostnames on Cloudflare, with its API and the records. Its Durable Object loads it when it is called. */
import { readWantedHostnames } from '../admin/record-hostnames.ts';
import { createCustomHostnamesApi } from '../hostnames/custom-hostnames-api.ts';
import { HostnameKeeper } from '../store/objects/hostnames/hostname-keeper.ts';
import type { ObjectPlatform } from '../store/ports/platform.ts';
import type { HostnameSettings } from './hostname-settings.ts';
import { sendToProvider } from './provider-transport.ts';
import { directoryStub, recordHistoryStubs } from './stubs.ts';

export function createHostnameKeeper(
	platform: ObjectPlatform,
	{ access, limit, graceMs, ownZones, site }: HostnameSettings,
	{ KEEPERS, DIRECTORY }: Pick<Env, 'KEEPERS' | 'DIRECTORY'>,
): HostnameKeeper {
	const recordHistory = recordHistoryStubs(KEEPERS);
	return new HostnameKeeper(platform, {
		api: createCustomHostnamesApi(access, sendToProvider),
		readWanted: (domain) => readWantedHostnames(domain, { recordHistory, site, ownZones, now: Date.now() }),
		directory: directoryStub(DIRECTORY),
		limit,
		graceMs,
		site: JSON.stringify([site, ownZones]),
	});
}
