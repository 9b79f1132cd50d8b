/** `signpost zone`: the DNS records a domain should publish, or what must change for it to publish them. */
import { defineCommand } from 'citty';
import { compareZone } from '../../dns/compare.ts';
import { expectedRecords } from '../../dns/expected.ts';
import { allRecords, type ZoneNames } from '../../dns/formats/zone-format.ts';
import { ZONE_FORMAT_NAMES, ZONE_FORMATS, type ZoneFormatName } from '../../dns/formats/zone-formats.ts';
import { err, type Result } from '../../lib/result.ts';
import { resolveConfig } from '../../model/config.ts';
import type { DnsTarget } from '../../model/dns-record.ts';
import type { Domain } from '../../model/names.ts';
import { readLiveRecords } from '../dns/live-records.ts';
import { createResolver, type Resolver } from '../dns/resolver.ts';
import { DNS_OPTIONS, JSON_OPTION, parseDomainArgument, parseSite, parseTimeout, RECORD_OPTIONS, SITE_OPTION } from '../options.ts';
import { withStatusLine } from '../progress.ts';
import { type ExitCode, type Failure, fail, hint, write, writeJson } from '../terminal.ts';
import { createRecordSource, type RecordSource } from '../workspace/record-source.ts';

export const examples = `EXAMPLES

  signpost zone example.org --record example.org.json --site signpost.example.net
      a zone file's lines, each group under what it is for
  signpost zone example.org --diff --record records/ --site signpost.example.net
      only what DNS lacks or has wrong, as input for nsupdate; exit code 1 if there is any
  signpost zone example.org example.net --format octodns --record records/ --site signpost.example.net
  signpost zone mail.example.org --origin example.org --format dnscontrol --record records/ --site signpost.example.net
      the mail domain is a name inside the zone example.org

FORMATS

${ZONE_FORMAT_NAMES.map((name) => `  ${name.padEnd(11)} ${ZONE_FORMATS[name].title}\n              ${ZONE_FORMATS[name].instructions}\n`).join('')}`;

interface ZoneOutput {
	readonly domain: Domain;
	/** In the format asked for. */
	readonly text: string;
	readonly notes: readonly string[];
	readonly records: unknown;
	readonly hasChanges: boolean;
}

export default defineCommand({
	meta: { name: 'zone', description: 'Print the DNS records a domain should publish, or with --diff what must change in DNS.' },
	args: {
		domain: { type: 'positional', required: true, valueHint: 'DOMAIN…', description: 'mail domains' },
		format: { type: 'enum', options: [...ZONE_FORMAT_NAMES], default: 'bind', description: 'how to write it' },
		diff: { type: 'boolean', description: 'compare with live DNS and print only what must change' },
		origin: { type: 'string', valueHint: 'ZONE', description: 'the zone that holds the names, where it is not the mail domain itself' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...DNS_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const records = await createRecordSource(args);
		if (!records.ok) return fail(records.error);
		const site = parseSite(args);
		if (!site.ok) return fail(site.error);
		if (site.value === null)
			return fail({ message: 'no --site is given', hint: 'Give the host name of your service; the CNAME records point to it.' });
		const timeout = parseTimeout(args);
		if (!timeout.ok) return fail(timeout.error);
		const resolver = createResolver(args.resolver, timeout.value);
		if (!resolver.ok) return fail(resolver.error);
		const sheets: ZoneOutput[] = [];
		for (const text of args._) {
			const sheet = await buildZoneOutput(
				text,
				records.value,
				site.value,
				args.diff === true ? resolver.value : null,
				args.format as ZoneFormatName,
				args.origin,
			);
			if (!sheet.ok) return fail(sheet.error);
			sheets.push(sheet.value);
		}
		if (args.json === true)
			writeJson(sheets.map(({ domain, notes, records }) => ({ domain, [args.diff === true ? 'changes' : 'records']: records, notes })));
		else
			for (const { text, notes } of sheets) {
				write(text);
				for (const line of notes) hint(line);
			}
		if (args.diff === true && args.json !== true)
			for (const { domain, hasChanges } of sheets) if (!hasChanges) hint(`${domain}: DNS has every record, nothing must change`);
		return sheets.some(({ hasChanges }) => hasChanges) ? 1 : 0;
	},
});

async function buildZoneOutput(
	text: string,
	records: RecordSource,
	site: DnsTarget,
	live: Resolver | null,
	format: ZoneFormatName,
	origin: string | undefined,
): Promise<Result<ZoneOutput, Failure>> {
	const domain = parseDomainArgument(text);
	if (!domain.ok) return domain;
	const found = await records.find(domain.value);
	if (!found.ok) return found;
	const config = resolveConfig(found.value.record, domain.value, { kind: 'domain', domain: domain.value }, Date.now());
	if (!config.ok) return err({ message: `${domain.value}: the record's ${config.error.path} ${config.error.reason}` });
	const zone = parseOrigin(domain.value, origin);
	if (!zone.ok) return zone;
	const expected = await expectedRecords(config.value, site, []);
	const printer = ZONE_FORMATS[format];
	const common = { domain: domain.value };
	if (live === null)
		return {
			ok: true,
			value: { ...common, text: printer.renderZone(zone.value, expected), notes: [], records: allRecords(expected), hasChanges: false },
		};
	const has = await withStatusLine(
		`Asking ${live.server} about ${domain.value}`,
		readLiveRecords(live, domain.value, allRecords(expected)),
	);
	if (!has.ok) return has;
	const changes = compareZone(allRecords(expected), has.value);
	const { text: printed, notes } = printer.renderChange(zone.value, changes);
	return { ok: true, value: { ...common, text: printed, notes, records: changes, hasChanges: changes.length > 0 } };
}

function parseOrigin(domain: Domain, origin: string | undefined): Result<ZoneNames, Failure> {
	if (origin === undefined) return { ok: true, value: { domain, origin: domain } };
	const zone = parseDomainArgument(origin);
	if (!zone.ok) return zone;
	if (domain === zone.value || domain.endsWith(`.${zone.value}`)) return { ok: true, value: { domain, origin: zone.value } };
	return err({ message: `${domain} is not in the zone ${zone.value}`, hint: 'Give --origin the zone that the domain belongs to.' });
}
