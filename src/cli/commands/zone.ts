/** `signpost zone`: the DNS records a domain should publish, or what must change for it to publish them. */
import { defineCommand } from 'citty';
import { compareZone } from '../../dns/compare.ts';
import { expectedRecords } from '../../dns/expected.ts';
import { allRecords, type ZoneNames } from '../../dns/formats/format.ts';
import { FORMAT_NAMES, FORMATS, type FormatName } from '../../dns/formats/registry.ts';
import { err, type Result } from '../../lib/result.ts';
import { resolve } from '../../model/config.ts';
import type { Site } from '../../model/dns-record.ts';
import type { Domain } from '../../model/names.ts';
import { readLive } from '../dns/live.ts';
import { openResolver, type Resolver } from '../dns/resolver.ts';
import { DNS_OPTIONS, domainArgument, JSON_OPTION, RECORD_OPTIONS, SITE_OPTION, siteOf, timeoutOf } from '../options.ts';
import { openRecords, type RecordSource } from '../source.ts';
import { type ExitCode, note, stop, type Trouble, waiting, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost zone example.org --record example.org.json --site signpost.example.net
      a zone file's lines, each group under what it is for
  signpost zone example.org --diff --record records/ --site signpost.example.net
      only what DNS lacks or has wrong, as input for nsupdate; exit code 1 if there is any
  signpost zone example.org example.net --format octodns --record records/ --site signpost.example.net
  signpost zone mail.example.org --origin example.org --format dnscontrol --record records/ --site signpost.example.net
      the mail domain is a name inside the zone example.org

FORMATS

${FORMAT_NAMES.map((name) => `  ${name.padEnd(11)} ${FORMATS[name].title}\n              ${FORMATS[name].use}\n`).join('')}`;

interface Sheet {
	readonly domain: Domain;
	/** In the format asked for. */
	readonly text: string;
	readonly notes: readonly string[];
	readonly records: unknown;
	readonly differs: boolean;
}

export default defineCommand({
	meta: { name: 'zone', description: 'Print the DNS records a domain should publish, or with --diff what must change in DNS.' },
	args: {
		domain: { type: 'positional', required: true, valueHint: 'DOMAIN…', description: 'mail domains' },
		format: { type: 'enum', options: [...FORMAT_NAMES], default: 'bind', description: 'how to write it' },
		diff: { type: 'boolean', description: 'compare with live DNS and print only what must change' },
		origin: { type: 'string', valueHint: 'ZONE', description: 'the zone that holds the names, where it is not the mail domain itself' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...DNS_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const records = await openRecords(args);
		if (!records.ok) return stop(records.error);
		const site = siteOf(args);
		if (!site.ok) return stop(site.error);
		if (site.value === null)
			return stop({ what: 'no --site is given', todo: 'Give the host name of your service; the CNAME records point to it.' });
		const timeout = timeoutOf(args);
		if (!timeout.ok) return stop(timeout.error);
		const resolver = openResolver(args.resolver, timeout.value);
		if (!resolver.ok) return stop(resolver.error);
		const sheets: Sheet[] = [];
		for (const text of args._) {
			const sheet = await sheetOf(
				text,
				records.value,
				site.value,
				args.diff === true ? resolver.value : null,
				args.format as FormatName,
				args.origin,
			);
			if (!sheet.ok) return stop(sheet.error);
			sheets.push(sheet.value);
		}
		if (args.json === true)
			writeJson(sheets.map(({ domain, notes, records }) => ({ domain, [args.diff === true ? 'changes' : 'records']: records, notes })));
		else
			for (const { text, notes } of sheets) {
				write(text);
				for (const line of notes) note(line);
			}
		if (args.diff === true && args.json !== true)
			for (const { domain, differs } of sheets) if (!differs) note(`${domain}: DNS has every record, nothing must change`);
		return sheets.some(({ differs }) => differs) ? 1 : 0;
	},
});

async function sheetOf(
	text: string,
	records: RecordSource,
	site: Site,
	live: Resolver | null,
	format: FormatName,
	origin: string | undefined,
): Promise<Result<Sheet, Trouble>> {
	const domain = domainArgument(text);
	if (!domain.ok) return domain;
	const found = await records.find(domain.value);
	if (!found.ok) return found;
	const config = resolve(found.value.record, domain.value, { kind: 'domain', domain: domain.value }, Date.now());
	if (!config.ok) return err({ what: `${domain.value}: the record's ${config.error.path} ${config.error.reason}` });
	const zone = zoneOf(domain.value, origin);
	if (!zone.ok) return zone;
	const expected = await expectedRecords(config.value, site);
	const printer = FORMATS[format];
	const common = { domain: domain.value };
	if (live === null)
		return {
			ok: true,
			value: { ...common, text: printer.zone(zone.value, expected), notes: [], records: allRecords(expected), differs: false },
		};
	const has = await waiting(`Asking ${live.server} about ${domain.value}`, readLive(live, domain.value, allRecords(expected)));
	if (!has.ok) return has;
	const changes = compareZone(allRecords(expected), has.value);
	const { text: printed, notes } = printer.change(zone.value, changes);
	return { ok: true, value: { ...common, text: printed, notes, records: changes, differs: changes.length > 0 } };
}

function zoneOf(domain: Domain, origin: string | undefined): Result<ZoneNames, Trouble> {
	if (origin === undefined) return { ok: true, value: { domain, origin: domain } };
	const zone = domainArgument(origin);
	if (!zone.ok) return zone;
	if (domain === zone.value || domain.endsWith(`.${zone.value}`)) return { ok: true, value: { domain, origin: zone.value } };
	return err({ what: `${domain} is not in the zone ${zone.value}`, todo: 'Give --origin the zone that the domain belongs to.' });
}
