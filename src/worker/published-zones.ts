/** The zones that the service may change, with the editors of their providers. */
import type { PublishedZone } from '../admin/admin-dependencies.ts';
import { openCloudflareZone } from '../dns/publish/cloudflare-editor.ts';
import { openPowerDnsZone, powerDnsApiUrl } from '../dns/publish/powerdns-editor.ts';
import type { Domain } from '../model/names.ts';
import { sendToProvider } from './provider-transport.ts';
import type { ZoneProviderSettings } from './publishing-settings.ts';

export function createPublishedZones(providers: readonly ZoneProviderSettings[]): readonly PublishedZone[] {
	return providers.flatMap((settings) => settings.zones.map((zone) => ({ zone, provider: settings.provider, open: openerOf(settings) })));
}

function openerOf(settings: ZoneProviderSettings): PublishedZone['open'] {
	switch (settings.provider) {
		case 'cloudflare':
			return (domain: Domain) => openCloudflareZone(settings.access, domain, sendToProvider);
		case 'powerdns': {
			const access = { ...settings.access, url: powerDnsApiUrl(settings.access.url) };
			return (domain: Domain) => openPowerDnsZone(access, domain, sendToProvider);
		}
	}
}
