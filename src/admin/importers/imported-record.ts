/** Makes a record from what a source tells clients, and lists what clients would be told differently. Every importer uses this. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type AuthMethod, resolveConfig } from '../../model/config.ts';
import type { Domain } from '../../model/names.ts';
import { fillDomain } from '../../model/placeholders.ts';
import { type DomainRecord, parseRecord } from '../../model/record.ts';
import { recordKey } from '../../model/record-key.ts';
import { answerQuery } from '../../protocols/answer-query.ts';
import { autoconfig } from '../../protocols/autoconfig.ts';
import {
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
} from '../../protocols/readers/advertised-settings.ts';
import { readAutoconfig } from '../../protocols/readers/autoconfig-reader.ts';
import { readSrvRecords } from '../../protocols/readers/srv-reader.ts';
import { srv } from '../../protocols/srv.ts';
import { caldav, carddav, jmap } from '../../protocols/well-known.ts';
import { lostSettings, SILENT_ABOUT_NOTHING, type SilentAbout } from './lost-settings.ts';
import { proposeRecord, whyServerDoesNotFit } from './proposed-record.ts';

/** The result of an import: a valid record, and sentences about what it cannot hold. */
export interface ImportedRecord {
	readonly record: DomainRecord;
	readonly lost: readonly string[];
}

/** What is known of a source, beside its settings. */
export interface ImportSource {
	readonly advertised: AdvertisedSettings;
	readonly silent: SilentAbout;
	/** What clients would be told in the source's own format; null where they would get no answer in it. */
	readonly readServed: (record: DomainRecord, domain: Domain, now: number) => Promise<AdvertisedSettings | null>;
	/** What could not be understood, or is not the business of a record, as sentences. */
	readonly notes: readonly string[];
	/** Fields of a record that are not about mail clients: `mtaSts`, `tlsRpt`. */
	readonly policies?: Readonly<Record<string, unknown>>;
}

/** How many sentences an import answers at most. */
const MAX_SENTENCES = 300;

/**
 * @param domain whose record it is to be
 * @param now Unix time in milliseconds
 */
export async function importSource(source: ImportSource, domain: Domain, now: number): Promise<Result<ImportedRecord, ApiProblem>> {
	const { advertised, silent, readServed, notes, policies = {} } = source;
	const proposal = proposeRecord(advertised, domain);
	const whole = parseRecord({ ...proposal, ...policies });
	const parsed = whole.ok ? whole : parseRecord(proposal);
	if (!parsed.ok) return err({ code: 'invalid', errors: parsed.error });
	if (parsed.value.kind !== 'domain' || Object.keys(parsed.value.services).length === 0) return err(nothingToImport(advertised));
	const record = parsed.value;
	const faults = whole.ok ? [] : whole.error.map(({ path, reason }) => `${path} ${reason}: it is left out.`);
	const served = await readServed(record, domain, now);
	const sentences = [
		...(served === null ? ['Clients would get no answer in this format: it needs an incoming and an outgoing server.'] : []),
		...lostSettings(withDomain(advertised, domain), served ?? NOTHING_ADVERTISED, silent),
		...faults,
		...notes,
	];
	const more = sentences.length - MAX_SENTENCES;
	return ok({ record, lost: more > 0 ? [...sentences.slice(0, MAX_SENTENCES), `And ${more} more.`] : sentences });
}

/** The settings as clients of one domain read them. */
function withDomain(advertised: AdvertisedSettings, domain: Domain): AdvertisedSettings {
	return {
		...advertised,
		servers: advertised.servers.map((server) => ({ ...server, host: fillDomain(server.host, domain) })),
		urls: advertised.urls.map((each) => ({ ...each, url: fillDomain(each.url, domain) })),
	};
}

/** Why nothing of a source can be imported, server by server. */
function nothingToImport({ servers }: AdvertisedSettings): ApiProblem {
	const errors = servers.slice(0, 20).map((server) => ({ path: server.path, reason: whyServerDoesNotFit(server) ?? 'is not offered' }));
	const cleartext = servers.length > 0 && servers.every(({ security }) => security === 'plain');
	return { code: cleartext ? 'source-cleartext' : 'source-empty', errors };
}

/** A source that says what an autoconfig document can say. */
export function autoconfigSource(advertised: AdvertisedSettings, notes: readonly string[] = []): ImportSource {
	return { advertised, silent: SILENT_ABOUT_NOTHING, readServed: readServedAutoconfig, notes };
}

/** The configuration of a program that serves autoconfig, and that may also have services of which autoconfig has none. */
export function configurationSource(
	advertised: AdvertisedSettings,
	{ silent = {}, policies = {} }: { readonly silent?: Partial<SilentAbout>; readonly policies?: Readonly<Record<string, unknown>> } = {},
): ImportSource {
	return { advertised, silent: { ...SILENT_ABOUT_NOTHING, ...silent }, readServed: readServedConfiguration, notes: [], policies };
}

/** The autoconfig document of a record, with ManageSieve, JMAP and ActiveSync, which clients are told of in other formats. */
async function readServedConfiguration(record: DomainRecord, domain: Domain, now: number): Promise<AdvertisedSettings> {
	const advertised = (await readServedAutoconfig(record, domain, now)) ?? NOTHING_ADVERTISED;
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	const offers = config.ok ? config.value.offers : [];
	const words = (methods: readonly AuthMethod[]) => methods.map((method) => (method === 'oauth2' ? 'OAuth2' : 'password-cleartext'));
	return {
		...advertised,
		servers: [
			...advertised.servers,
			...offers.flatMap((offer): readonly AdvertisedServer[] =>
				offer.kind === 'sieve' ? [{ ...offer, path: 'sieve', direction: 'incoming', type: 'sieve', auth: words(offer.auth) }] : [],
			),
		],
		urls: [
			...advertised.urls,
			...offers.flatMap((offer): readonly AdvertisedUrl[] =>
				offer.kind === 'jmap' ? [{ ...offer, path: 'jmap', auth: words(offer.auth) }] : [],
			),
			...(config.ok && config.value.activesync !== null
				? [{ path: 'activesync', kind: 'activesync', url: config.value.activesync, login: null, auth: [] } as const]
				: []),
		],
	};
}

/** What the autoconfig document of a record tells clients; null where the record has none. */
async function readServedAutoconfig(record: DomainRecord, domain: Domain, now: number): Promise<AdvertisedSettings | null> {
	const endpoint = autoconfig.endpoints[0];
	if (endpoint === undefined) return null;
	const query = endpoint.parseRequest(endpoint.sampleRequest({ local: 'sample', domain, text: `sample@${domain}` }, endpoint.locations[0]));
	const answer = query.ok
		? answerQuery(query.value, { domain, key: recordKey(domain), foundUnder: recordKey(domain), record }, null, now)
		: query;
	const advertised = answer.ok ? readAutoconfig(answer.value.body) : answer;
	return advertised.ok ? advertised.value : null;
}

/** What the DNS records of a record tell clients of mail and DAV services. */
export async function readServedSrv(record: DomainRecord, domain: Domain, now: number): Promise<AdvertisedSettings> {
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	if (!config.ok) return NOTHING_ADVERTISED;
	const groups = await Promise.all(
		[srv, caldav, carddav, jmap].map((protocol) => protocol.dnsRecords?.(config.value, { host: domain, names: 'all' }, []) ?? []),
	);
	return readSrvRecords(groups.flat(), domain);
}
