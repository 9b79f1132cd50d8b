/** The keeper of custom hostnames on Cloudflare, with its API and the records. Its Durable Object loads it when it is called. */
import { readWantedHostnames } from '../../admin/record-hostnames.ts';
import { createCustomHostnamesApi } from '../../hostnames/custom-hostnames-api.ts';
import { HostnameKeeper } from '../../store/objects/hostnames/hostname-keeper.ts';
import type { Directory } from '../../store/ports/directory.ts';
import type { ObjectPlatform } from '../../store/ports/platform.ts';
import type { RecordHistories } from '../../store/ports/record-histories.ts';
import type { HostnameSettings } from '../hostname-settings.ts';
import { sendToProvider } from '../provider-transport.ts';

/** The other keepers that it asks. */
interface HostnameKeeperStubs {
	readonly recordHistory: RecordHistories;
	readonly directory: Directory;
}

export function createHostnameKeeper(
	platform: ObjectPlatform,
	{ access, limit, graceMs, ownZones, site }: HostnameSettings,
	{ recordHistory, directory }: HostnameKeeperStubs,
): HostnameKeeper {
	return new HostnameKeeper(platform, {
		api: createCustomHostnamesApi(access, sendToProvider),
		readWanted: (domain) => readWantedHostnames(domain, { recordHistory, site, ownZones, now: Date.now() }),
		directory,
		limit,
		graceMs,
		site: JSON.stringify([site, ownZones]),
	});
}
