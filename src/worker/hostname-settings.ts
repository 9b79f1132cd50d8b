/** The settings of the custom hostnames that the service creates by itself: they belong together. */
import type { HealthProblem } from '../contract/health-problem.ts';
import type { CustomHostnamesAccess } from '../hostnames/custom-hostnames-api.ts';
import { DAY_MS } from '../lib/time.ts';
import type { DnsTarget } from '../model/dns-record.ts';
import type { Domain } from '../model/names.ts';
import type { PublishedNames } from '../model/service-labels.ts';

export interface HostnameSettings {
	readonly access: CustomHostnamesAccess;
	/** Hostnames that there may be in the zone, those of others included. */
	readonly limit: number;
	/** Milliseconds for which a hostname stays after its record was deleted. */
	readonly graceMs: number;
	/** Domains whose names need no custom hostname, because their zones are in the operator's own account. */
	readonly ownZones: readonly Domain[];
	/** The service to which customers' names lead. */
	readonly site: DnsTarget;
}

interface HostnameVariables {
	readonly isOn: boolean;
	readonly zoneId: string | null;
	readonly token: string;
	readonly url: string;
	readonly limit: number;
	readonly graceDays: number;
	readonly ownZones: readonly Domain[];
	readonly host: Domain | null;
	readonly names: PublishedNames;
}

/** Null where it is off, or where something is missing, which is reported. */
export function completeHostnameSettings(
	{ isOn, zoneId, token, url, limit, graceDays, ownZones, host, names }: HostnameVariables,
	report: (severity: HealthProblem['severity'], code: string, text: string) => void,
): HostnameSettings | null {
	if (!isOn) return null;
	if (zoneId !== null && token !== '' && host !== null) {
		const graceMs = graceDays * DAY_MS;
		return { access: { url, zoneId, token }, limit, graceMs, ownZones: [host, ...ownZones], site: { host, names } };
	}
	const missing = [
		...(zoneId === null ? ['CLOUDFLARE_ZONE_ID'] : []),
		...(token === '' ? ['the secret CLOUDFLARE_API_TOKEN'] : []),
		...(host === null ? ['SERVICE_HOST'] : []),
	];
	const text = `CUSTOM_HOSTNAMES is on, but ${missing.join(' and ')} cannot be used: no custom hostname is created.`;
	report('error', 'custom-hostnames-incomplete', text);
	return null;
}
