/** The settings with which the service changes zones at their providers: each provider's belong together. */
import type { HealthProblem } from '../contract/health-problem.ts';
import type { CloudflareAccess } from '../dns/publish/cloudflare-editor.ts';
import type { PowerDnsAccess } from '../dns/publish/powerdns-editor.ts';
import type { Domain } from '../model/names.ts';

export type ZoneProviderSettings =
	| { readonly provider: 'cloudflare'; readonly zones: readonly Domain[]; readonly access: CloudflareAccess }
	| { readonly provider: 'powerdns'; readonly zones: readonly Domain[]; readonly access: PowerDnsAccess };

interface PublishingVariables {
	readonly host: Domain | null;
	readonly cloudflareZones: readonly Domain[];
	readonly cloudflareUrl: string;
	readonly cloudflareToken: string;
	readonly powerDnsZones: readonly Domain[];
	readonly powerDnsUrl: string | null;
	readonly powerDnsKey: string;
}

/** The providers of which everything that is needed is set; what is missing of another is reported. */
export function completePublishingSettings(
	{ host, cloudflareZones, cloudflareUrl, cloudflareToken, powerDnsZones, powerDnsUrl, powerDnsKey }: PublishingVariables,
	report: (severity: HealthProblem['severity'], code: string, text: string) => void,
): readonly ZoneProviderSettings[] {
	const hostMissing = host === null ? ['SERVICE_HOST'] : [];
	const reportMissing = (variable: string, missing: readonly string[]) =>
		report(
			'error',
			'publishing-incomplete',
			`${variable} is set, but ${missing.join(' and ')} cannot be used: nothing is published there.`,
		);

	const providers: ZoneProviderSettings[] = [];
	if (cloudflareZones.length > 0) {
		const missing = [...(cloudflareToken === '' ? ['the secret CLOUDFLARE_DNS_TOKEN'] : []), ...hostMissing];
		if (missing.length > 0) reportMissing('CLOUDFLARE_DNS_ZONES', missing);
		else providers.push({ provider: 'cloudflare', zones: cloudflareZones, access: { url: cloudflareUrl, token: cloudflareToken } });
	}
	if (powerDnsZones.length > 0) {
		const missing = [
			...(powerDnsUrl === null ? ['POWERDNS_URL'] : []),
			...(powerDnsKey === '' ? ['the secret POWERDNS_API_KEY'] : []),
			...hostMissing,
		];
		if (powerDnsUrl === null || missing.length > 0) reportMissing('POWERDNS_ZONES', missing);
		else providers.push({ provider: 'powerdns', zones: powerDnsZones, access: { url: powerDnsUrl, key: powerDnsKey } });
	}
	return providers;
}
