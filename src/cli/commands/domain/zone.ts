/** `signpost zone`: prints the DNS records to publish, in the format of a name server or a provider's tool, or only what must change. */
import { defineCommand } from 'citty';
import { allRecords, type ZoneNames } from '../../../dns/formats/zone-format.ts';
import { ZONE_FORMAT_NAMES, ZONE_FORMATS, type ZoneFormatName } from '../../../dns/formats/zone-formats.ts';
import type { ZoneComparison } from '../../../dns/zone-comparison.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { resolveConfig } from '../../../model/config.ts';
import type { Domain } from '../../../model/names.ts';
import { compareLiveZone } from '../../dns/compare-live-zone.ts';
import { readWantedDns } from '../../dns/wanted-dns.ts';
import {
	JSON_OPTION,
	NETWORK_OPTIONS,
	parseDomainArgument,
	parseSite,
	RECORD_OPTIONS,
	SITE_MISSING,
	SITE_OPTION,
	type SiteOptions,
} from '../../options.ts';
import { createNetwork, type Network, type NetworkArguments } from '../../probe/network.ts';
import { withStatusLine } from '../../progress.ts';
import { type ExitCode, type Failure, fail, hint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { createRecordSource, type RecordSource } from '../../workspace/record-source.ts';

export const examples = `EXAMPLES

  signpost zone example.org --record example.org.json --site signpost.example.net
      a zone file's lines, each group under what it is for
  signpost zone example.org --diff --record records/ --site signpost.example.net
      only what DNS lacks or has wrong, as input for nsupdate; exit code 1 if there is any. What another service may have put there is
      named in a comment and left alone; --prune removes it
  signpost zone example.org --diff --api https://signpost.example.net
      the same, and what earlier revisions of the record gave is taken out
  signpost zone example.org --format octodns --record records/ --site signpost.example.net
  signpost zone mail.example.org --origin example.org --format dnscontrol --record records/ --site signpost.example.net
      the mail domain is a name inside the zone example.org

FORMATS

${ZONE_FORMAT_NAMES.map((name) => `  ${name.padEnd(11)} ${ZONE_FORMATS[name].title}\n              ${ZONE_FORMATS[name].instructions}\n`).join('')}`;

interface ZoneOutput {
	readonly domain: Domain;
	/** The records in the format that was chosen. */
	readonly text: string;
	/** Notes for the operator, printed on stderr. */
	readonly notes: readonly string[];
	/** The members for --json, beside the domain and the notes. */
	readonly details: Readonly<Record<string, unknown>>;
	readonly outcome: 'nothing to change' | 'changes' | 'could not look';
}

export default defineCommand({
	meta: { name: 'zone', description: 'Print the DNS records a domain should publish, or with --diff what must change in DNS.' },
	args: {
		domain: { type: 'positional', required: true, valueHint: 'DOMAIN…', description: 'mail domains' },
		format: { type: 'enum', options: [...ZONE_FORMAT_NAMES], default: 'bind', description: 'how to write it' },
		diff: { type: 'boolean', description: 'compare with live DNS and print only what must change' },
		prune: { type: 'boolean', description: 'with --diff: remove also what no record in the store has given, as far as anybody can tell' },
		origin: { type: 'string', valueHint: 'ZONE', description: 'the zone that holds the names, where it is not the mail domain itself' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const options = await readZoneOptions(args);
		if (!options.ok) return fail(options.error);
		const { format, diff } = options.value;
		if (args._.length > 1 && ZONE_FORMATS[format].isOneDocument && args.json !== true)
			return fail({ message: `--format ${format} is one document a zone, and several domains are given`, hint: 'Give one at a time.' });
		const outputs: ZoneOutput[] = [];
		for (const text of args._) {
			const output = await buildZoneOutput(text, options.value);
			if (!output.ok) return fail(output.error);
			outputs.push(output.value);
		}
		if (args.json === true) writeJson(outputs.map(({ domain, details, notes }) => ({ domain, ...details, notes })));
		else
			for (const { text, notes } of outputs) {
				write(text);
				for (const line of notes) hint(line);
			}
		if (diff && args.json !== true)
			for (const { domain, outcome } of outputs)
				if (outcome === 'nothing to change') hint(`${domain}: DNS has every record, nothing must change`);
		if (outputs.some(({ outcome }) => outcome === 'changes')) return 1;
		return outputs.some(({ outcome }) => outcome === 'could not look') ? 2 : 0;
	},
});

interface ZoneOptions {
	readonly records: RecordSource;
	readonly site: SiteOptions;
	readonly network: Network;
	readonly format: ZoneFormatName;
	readonly origin: string | undefined;
	readonly diff: boolean;
	readonly prune: boolean;
}

interface ZoneArguments extends NetworkArguments {
	readonly record?: string | undefined;
	readonly api?: string | undefined;
	readonly site?: string | undefined;
	readonly names?: string | undefined;
	readonly format?: string | undefined;
	readonly origin?: string | undefined;
	readonly diff?: boolean | undefined;
	readonly prune?: boolean | undefined;
}

async function readZoneOptions(args: ZoneArguments): Promise<Result<ZoneOptions, Failure>> {
	const records = await createRecordSource(args);
	if (!records.ok) return records;
	const site = parseSite(args);
	if (!site.ok) return site;
	if (site.value.host === null && args.api === undefined) return err(SITE_MISSING);
	const network = await createNetwork(args);
	if (!network.ok) return network;
	const { diff = false, prune = false } = args;
	if (prune && !diff) return err({ message: '--prune without --diff', hint: 'What is to be removed is part of a change.' });
	const format = ZONE_FORMAT_NAMES.find((name) => name === args.format) ?? 'bind';
	return ok({ records: records.value, site: site.value, network: network.value, format, origin: args.origin, diff, prune });
}

async function buildZoneOutput(text: string, options: ZoneOptions): Promise<Result<ZoneOutput, Failure>> {
	const { records, site, network, format, origin, diff, prune } = options;
	const domain = parseDomainArgument(text);
	if (!domain.ok) return domain;
	const found = await records.find(domain.value);
	if (!found.ok) return found;
	const now = Date.now();
	const config = resolveConfig(found.value.record, domain.value, { kind: 'domain', domain: domain.value }, now);
	if (!config.ok) return err({ message: `${domain.value}: the record's ${config.error.path} ${config.error.reason}` });
	const zone = parseOrigin(domain.value, origin);
	if (!zone.ok) return zone;
	const wanted = await readWantedDns(records, found.value, config.value, site, now);
	if (!wanted.ok) return wanted;
	if (wanted.value.site === null) return err(SITE_MISSING);
	const { expected } = wanted.value;
	if (!diff)
		return ok({
			domain: domain.value,
			text: ZONE_FORMATS[format].renderZone(zone.value, expected),
			notes: [],
			details: { records: allRecords(expected) },
			outcome: 'nothing to change',
		});
	const compared = await withStatusLine(
		`Asking ${network.resolver.server} about ${domain.value}`,
		compareLiveZone(domain.value, wanted.value, found.value, network.withoutDnsCache(), prune, now),
	);
	return compared.ok ? ok(renderComparison(domain.value, zone.value, compared.value.comparison, format)) : compared;
}

function renderComparison(domain: Domain, zone: ZoneNames, comparison: ZoneComparison, format: ZoneFormatName): ZoneOutput {
	const { renderChange, commentPrefix } = ZONE_FORMATS[format];
	const { records, changes, theirs, blocked, unlooked } = comparison;
	const { text, notes } = renderChange(zone, changes);
	const kept = theirs.filter((record) => !changes.some(({ remove }) => remove.includes(record)));
	const about = [
		...kept.map(({ name, type, data }) => `left as it is, for it is another's (--prune removes it): ${name} ${type} ${sanitizeText(data)}`),
		...blocked.map(({ place, reason }) => `cannot be changed from here: ${place}: ${reason}`),
		...unlooked.map(({ place, reason }) => `could not look: ${place}: ${reason}`),
	];
	const isDoubtful = records.some(({ state }) => state === 'unknown' || state === 'addresses');
	const comments = commentPrefix === null ? '' : about.map((line) => `${commentPrefix} ${line}\n`).join('');
	return {
		domain,
		text: comments + text,
		notes: commentPrefix === null ? [...notes, ...about] : notes,
		details: { changes, theirs, blocked, unlooked },
		outcome: changes.length + blocked.length > 0 ? 'changes' : isDoubtful ? 'could not look' : 'nothing to change',
	};
}

function parseOrigin(domain: Domain, origin: string | undefined): Result<ZoneNames, Failure> {
	if (origin === undefined) return { ok: true, value: { domain, origin: domain } };
	const zone = parseDomainArgument(origin);
	if (!zone.ok) return zone;
	if (domain === zone.value || domain.endsWith(`.${zone.value}`)) return { ok: true, value: { domain, origin: zone.value } };
	return err({ message: `${domain} is not in the zone ${zone.value}`, hint: 'Give --origin the zone that the domain belongs to.' });
}
