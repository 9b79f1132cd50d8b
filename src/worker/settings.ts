/**
 * Every variable of `wrangler.toml` and every secret, parsed once. A value that cannot be used counts as its default and is reported on
 * `/health`: it switches nothing off that was not asked for, deletes nothing, and stops nothing else. No other file reads a variable.
 */
import * as v from 'valibot';
import { type AnalyticsAccount, parseAnalyticsAccount } from '../admin/analytics-engine.ts';
import { type AccessRoles, parseAccessRoles } from '../admin/auth/access-roles.ts';
import type { HealthProblem } from '../contract/health-problem.ts';
import { MIN_ADMIN_TOKEN_LENGTH } from '../contract/limits.ts';
import type { WebhookUrlRules } from '../contract/webhooks/webhook-url.ts';
import { CLOUDFLARE_API } from '../lib/http/provider-request.ts';
import { DAY_MS, DAY_SECONDS, SECOND_MS } from '../lib/time.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import { PUBLISHED_NAMES_CHOICES, type PublishedNames } from '../model/service-labels.ts';
import type { SigningPair } from '../store/ports/signing-keys.ts';
import { completeHostnameSettings, type HostnameSettings } from './hostname-settings.ts';
import { JURISDICTIONS, LOCATION_HINTS, type ObjectPlacement } from './object-placement.ts';
import { completePublishingSettings, type ZoneProviderSettings } from './publishing-settings.ts';
import {
	apiUrl,
	isApiUrl,
	numberVariable,
	optionalVariable,
	parseDomains,
	parseHostNames,
	parseHttpsOrigin,
	parseWildcards,
	switchVariable,
	type Variable,
	wordVariable,
} from './setting-values.ts';

export interface Settings {
	/** The host names on which the admin lives, in lower case; none: there is no admin. */
	readonly adminHosts: readonly string[];
	/** The operator's token; null where it is not set, or too short to be accepted. */
	readonly adminToken: string | null;
	/** The name that customers' DNS records point to; null where it is not set. */
	readonly serviceHost: Domain | null;
	/** Which names in DNS lead to the service where a record does not say. */
	readonly publishedNames: PublishedNames;
	/** Wildcard records under which a web server may get certificates on demand. */
	readonly certificateWildcards: readonly RecordName[];
	/** Log-in through Cloudflare Access; null where it is off. */
	readonly access: AccessSettings | null;
	/** Whether domains can be claimed with a TXT record. */
	readonly isSelfServiceOn: boolean;
	/** The resolver (DNS over HTTPS, JSON) for claims and for comparing the DNS. */
	readonly dohUrl: string;
	/** The key and certificates from the secrets; null where neither is set. */
	readonly signingSecret: SigningPair | null;
	/** Whether keys that sign profiles are read from KV too. */
	readonly areSigningKeysInKv: boolean;
	/** Whether plain http is redirected to https. */
	readonly redirectsHttp: boolean;
	/** Whether anybody may read a domain's zone. */
	readonly isZonePublic: boolean;
	/** Seconds for which an isolate answers from its own copy of a record. */
	readonly recordCacheSeconds: number;
	/** Milliseconds after which an isolate reports its counts to the embedded counter; 0: it does not count. */
	readonly usageBatchMs: number;
	/** Where the usage numbers are read; null: from the embedded counter. */
	readonly analytics: AnalyticsAccount | null;
	/** How the service creates custom hostnames; null where it does not. */
	readonly hostnames: HostnameSettings | null;
	/** The providers at which the service may change zones, and which. */
	readonly zoneProviders: readonly ZoneProviderSettings[];
	/** Where the Durable Objects are. */
	readonly placement: ObjectPlacement;
	readonly keeperLimits: KeeperLimits;
	/** Which URLs webhooks may have. */
	readonly webhookUrls: WebhookUrlRules;
}

export interface AccessSettings {
	/** The team's origin, `https://team.cloudflareaccess.com`. */
	readonly team: string;
	/** The application's AUD tag. */
	readonly audience: string;
	readonly roles: AccessRoles;
}

/** What limits how much the keepers keep. Each is at least 1, so that no typing error can empty a table. */
export interface KeeperLimits {
	readonly historyCount: number;
	readonly historyDays: number;
	readonly usageDays: number;
	/** Milliseconds for which the PACC digest of a replaced record stays in the zone; may be 0. */
	readonly supersededMs: number;
}

export interface ParsedSettings {
	readonly settings: Settings;
	/** What is wrong with them, for `/health`. */
	readonly problems: readonly HealthProblem[];
}

const httpUrl = v.pipe(
	v.string(),
	v.trim(),
	v.url(),
	v.check((text) => /^https?:\/\//i.test(text)),
);

/** An id of an account or a zone at Cloudflare. */
const HEX_ID = /^[0-9a-f]{32}$/;

/** Every variable of `wrangler.toml`; a test holds the two lists and the defaults together. */
export const VARIABLES = {
	ADMIN_HOST: optionalVariable(parseHostNames, 'a list of host names, separated by commas'),
	HISTORY_COUNT: numberVariable('5000', 1, 1_000_000),
	HISTORY_DAYS: numberVariable('3650', 1, 36_500),
	PACC_OVERLAP_SECONDS: numberVariable(String(DAY_SECONDS), 0, (366 * DAY_MS) / SECOND_MS),
	ACCESS_TEAM: optionalVariable(parseHttpsOrigin, 'an https URL, such as https://team.cloudflareaccess.com'),
	ACCESS_AUD: optionalVariable((text) => text, 'a text'),
	ACCESS_ROLES: optionalVariable(parseAccessRoles, 'a JSON document with "operators" and "people"'),
	SELF_SERVICE: switchVariable('off'),
	DOH_URL: { schema: httpUrl, defaultText: 'https://cloudflare-dns.com/dns-query', expected: 'an http or https URL' },
	PROFILE_SIGNING_STORE: switchVariable('off'),
	HTTPS_REDIRECT: switchVariable('on'),
	ZONE: switchVariable('on'),
	SERVICE_HOST: optionalVariable(parseDomain, 'a host name'),
	NAMES: {
		schema: v.pipe(v.string(), v.trim(), v.picklist(PUBLISHED_NAMES_CHOICES)),
		defaultText: 'all',
		expected: `one of ${PUBLISHED_NAMES_CHOICES.join(', ')}`,
	} satisfies Variable<PublishedNames>,
	CUSTOM_HOSTNAMES: switchVariable('off'),
	CUSTOM_HOSTNAMES_LIMIT: numberVariable('100', 0, 1_000_000),
	CUSTOM_HOSTNAMES_GRACE_DAYS: numberVariable('30', 0, 3650),
	CUSTOM_HOSTNAMES_EXCEPT: optionalVariable(parseDomains, 'a list of domains, separated by commas'),
	CLOUDFLARE_ZONE_ID: optionalVariable((text) => (HEX_ID.test(text) ? text : null), 'a zone id of 32 hexadecimal digits'),
	CLOUDFLARE_DNS_ZONES: optionalVariable(parseDomains, 'a list of domains, separated by commas'),
	POWERDNS_ZONES: optionalVariable(parseDomains, 'a list of domains, separated by commas'),
	POWERDNS_URL: optionalVariable((text) => (isApiUrl(text) ? text : null), 'an https URL'),
	CLOUDFLARE_API_URL: { schema: apiUrl, defaultText: CLOUDFLARE_API, expected: 'an https URL' },
	CERTIFICATE_WILDCARDS: optionalVariable(parseWildcards, 'a list of wildcard records such as *.example.org, separated by commas'),
	DATA_JURISDICTION: { ...wordVariable(JURISDICTIONS), remedy: 'Nothing is saved until it is corrected.' },
	DATA_LOCATION: wordVariable(LOCATION_HINTS),
	WEBHOOKS_TO_LOOPBACK: switchVariable('off'),
	KEEP_SECONDS: numberVariable('10', 0, 3600),
	// Cloudflare lets a request work for 30 seconds after its response: a batch has to end before that.
	USAGE_SECONDS: numberVariable('20', 0, 25),
	USAGE_DAYS: numberVariable('400', 1, 36_500),
	ANALYTICS_ACCOUNT: optionalVariable((text) => (HEX_ID.test(text) ? text : null), 'an account id of 32 hexadecimal digits'),
	ANALYTICS_DATASET: {
		schema: v.pipe(v.string(), v.trim(), v.regex(/^\w{1,64}$/)),
		defaultText: 'signpost_requests',
		expected: 'the name of a dataset',
	} satisfies Variable<string>,
} as const;

/** @param bindings the Worker's environment: variables and secrets as text, and other bindings, which are not looked at */
export function parseSettings(bindings: object): ParsedSettings {
	const problems: HealthProblem[] = [];
	const report = (severity: HealthProblem['severity'], code: string, text: string) => problems.push({ severity, code, text });

	/** A variable that is absent is not an error: a newer release may have variables that an older settings file does not. */
	function read<T>(name: keyof typeof VARIABLES, { schema, defaultText, expected, remedy: ownRemedy }: Variable<T>): T {
		const value: unknown = Reflect.get(bindings, name) ?? defaultText;
		const parsed = v.safeParse(schema, value);
		if (parsed.success) return parsed.output;
		const remedy = ownRemedy ?? (defaultText === '' ? 'It counts as not set.' : `The default, ${defaultText}, is used.`);
		report('error', 'setting-invalid', `${name} is ${value === '' ? 'blank and should be' : 'not'} ${expected}. ${remedy}`);
		return v.parse(schema, defaultText);
	}

	const dataJurisdiction = read('DATA_JURISDICTION', VARIABLES.DATA_JURISDICTION);
	const hasFault = (name: keyof typeof VARIABLES) => problems.some(({ text }) => text.startsWith(`${name} is `));
	const supersededMs = read('PACC_OVERLAP_SECONDS', VARIABLES.PACC_OVERLAP_SECONDS) * SECOND_MS;
	const serviceHost = read('SERVICE_HOST', VARIABLES.SERVICE_HOST);
	const publishedNames = read('NAMES', VARIABLES.NAMES);
	const apiAddress = read('CLOUDFLARE_API_URL', VARIABLES.CLOUDFLARE_API_URL);
	const adminHosts = read('ADMIN_HOST', VARIABLES.ADMIN_HOST) ?? [];
	const settings: Settings = {
		adminHosts,
		adminToken: adminTokenFrom(secret(bindings, 'ADMIN_TOKEN'), report),
		serviceHost,
		publishedNames,
		certificateWildcards: read('CERTIFICATE_WILDCARDS', VARIABLES.CERTIFICATE_WILDCARDS) ?? [],
		access: accessFrom(
			read('ACCESS_TEAM', VARIABLES.ACCESS_TEAM),
			read('ACCESS_AUD', VARIABLES.ACCESS_AUD),
			read('ACCESS_ROLES', VARIABLES.ACCESS_ROLES),
			report,
		),
		isSelfServiceOn: read('SELF_SERVICE', VARIABLES.SELF_SERVICE),
		dohUrl: read('DOH_URL', VARIABLES.DOH_URL),
		signingSecret: signingSecretFrom(secret(bindings, 'PROFILE_SIGNING_KEY'), secret(bindings, 'PROFILE_SIGNING_CHAIN')),
		areSigningKeysInKv: read('PROFILE_SIGNING_STORE', VARIABLES.PROFILE_SIGNING_STORE),
		redirectsHttp: read('HTTPS_REDIRECT', VARIABLES.HTTPS_REDIRECT),
		isZonePublic: read('ZONE', VARIABLES.ZONE),
		recordCacheSeconds: read('KEEP_SECONDS', VARIABLES.KEEP_SECONDS),
		usageBatchMs: read('USAGE_SECONDS', VARIABLES.USAGE_SECONDS) * SECOND_MS,
		analytics: analyticsFrom(
			read('ANALYTICS_ACCOUNT', VARIABLES.ANALYTICS_ACCOUNT),
			read('ANALYTICS_DATASET', VARIABLES.ANALYTICS_DATASET),
			secret(bindings, 'ANALYTICS_TOKEN'),
			report,
		),
		zoneProviders: completePublishingSettings(
			{
				host: serviceHost,
				cloudflareZones: read('CLOUDFLARE_DNS_ZONES', VARIABLES.CLOUDFLARE_DNS_ZONES) ?? [],
				cloudflareUrl: apiAddress,
				cloudflareToken: secret(bindings, 'CLOUDFLARE_DNS_TOKEN'),
				powerDnsZones: read('POWERDNS_ZONES', VARIABLES.POWERDNS_ZONES) ?? [],
				powerDnsUrl: read('POWERDNS_URL', VARIABLES.POWERDNS_URL),
				powerDnsKey: secret(bindings, 'POWERDNS_API_KEY'),
			},
			report,
		),
		hostnames: completeHostnameSettings(
			{
				isOn: read('CUSTOM_HOSTNAMES', VARIABLES.CUSTOM_HOSTNAMES),
				zoneId: read('CLOUDFLARE_ZONE_ID', VARIABLES.CLOUDFLARE_ZONE_ID),
				token: secret(bindings, 'CLOUDFLARE_API_TOKEN'),
				url: apiAddress,
				limit: read('CUSTOM_HOSTNAMES_LIMIT', VARIABLES.CUSTOM_HOSTNAMES_LIMIT),
				graceDays: read('CUSTOM_HOSTNAMES_GRACE_DAYS', VARIABLES.CUSTOM_HOSTNAMES_GRACE_DAYS),
				ownZones: read('CUSTOM_HOSTNAMES_EXCEPT', VARIABLES.CUSTOM_HOSTNAMES_EXCEPT) ?? [],
				host: serviceHost,
				names: publishedNames,
			},
			report,
		),
		placement: {
			jurisdiction: hasFault('DATA_JURISDICTION') ? 'unusable' : dataJurisdiction,
			hint: read('DATA_LOCATION', VARIABLES.DATA_LOCATION),
		},
		keeperLimits: {
			historyCount: read('HISTORY_COUNT', VARIABLES.HISTORY_COUNT),
			historyDays: read('HISTORY_DAYS', VARIABLES.HISTORY_DAYS),
			usageDays: read('USAGE_DAYS', VARIABLES.USAGE_DAYS),
			supersededMs,
		},
		webhookUrls: {
			ownHosts: serviceHost === null ? adminHosts : [...adminHosts, serviceHost],
			isLoopbackAllowed: read('WEBHOOKS_TO_LOOPBACK', VARIABLES.WEBHOOKS_TO_LOOPBACK),
		},
	};
	if (settings.serviceHost === null)
		report('warning', 'service-host-missing', 'SERVICE_HOST is not set: zones name the host they are asked on.');
	return { settings, problems };
}

type Report = (severity: HealthProblem['severity'], code: string, text: string) => void;

/** @returns an empty text where it is not set */
function secret(bindings: object, name: string): string {
	const value: unknown = Reflect.get(bindings, name);
	return typeof value === 'string' ? value : '';
}

function adminTokenFrom(token: string, report: Report): string | null {
	if (token === '' || token.length >= MIN_ADMIN_TOKEN_LENGTH) return token === '' ? null : token;
	report('error', 'admin-token-short', `ADMIN_TOKEN is shorter than ${MIN_ADMIN_TOKEN_LENGTH} characters and is refused.`);
	return null;
}

function accessFrom(team: string | null, audience: string | null, roles: AccessRoles | null, report: Report): AccessSettings | null {
	if (team === null) return null;
	if (audience !== null && roles !== null) return { team, audience, roles };
	const missing = [audience === null ? 'ACCESS_AUD' : [], roles === null ? 'ACCESS_ROLES' : []].flat().join(' and ');
	report('error', 'access-incomplete', `ACCESS_TEAM is set, but ${missing} cannot be used: nobody can log in through Cloudflare Access.`);
	return null;
}

/** One of the two without the other is a pair that cannot sign, which `/health` reports with all the keys. */
function signingSecretFrom(key: string, chain: string): SigningPair | null {
	return key === '' && chain === '' ? null : { key, chain };
}

function analyticsFrom(account: string | null, dataset: string, token: string, report: Report): AnalyticsAccount | null {
	if (account === null) return null;
	const complete = parseAnalyticsAccount(account, dataset, token);
	if (complete === null)
		report(
			'warning',
			'analytics-incomplete',
			'ANALYTICS_ACCOUNT is set, but the secret ANALYTICS_TOKEN is not: usage numbers come from the embedded counter.',
		);
	return complete;
}
