/** `signpost check`: compares DNS, the service and the mail servers with the record. */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { CHECK_AREAS, type CheckArea, GRADES, NO_GRADE_MARK, NO_GRADE_RULE, OVERALL_RULE } from '../../../contract/checks/check-grades.ts';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { type EmailAddress, parseDomain, parseEmailAddress } from '../../../model/names.ts';
import { type CheckSettings, checkAddress, startCheckRun } from '../../check/check-address.ts';
import { renderCheckReportPage } from '../../check/check-report-page.ts';
import { renderCheckReportRow, renderCheckReportText } from '../../check/check-report-text.ts';
import type { CheckReport, Finding } from '../../check/finding.ts';
import { FINDING_CODES } from '../../check/finding-codes.ts';
import { type CheckSender, createCheckSender } from '../../check/send/check-sender.ts';
import { JSON_OPTION, NETWORK_OPTIONS, parseSite, RECORD_OPTIONS, SITE_OPTION } from '../../options.ts';
import { createNetwork } from '../../probe/network.ts';
import { createProgress, withStatusLine } from '../../progress.ts';
import { columns, type ExitCode, type Failure, fail, hint, sanitizeText, write, writeJson, writeJsonLine } from '../../terminal.ts';
import { readTextFile } from '../../text-files.ts';
import { createRecordSource } from '../../workspace/record-source.ts';

export const examples = `WHAT IS LOOKED AT

  dns      every record that the record asks for, the order of 465 and 587, stale digests, SRV targets, DNSSEC, CAA, TLSA
  http     every document at every place, asked as each client asks: bytes, types, redirects, certificates, plain http
  mail     every port: TLS from the first byte or STARTTLS, certificate, TLS versions, logins offered against the record's,
           none of them before TLS, commands smuggled in behind STARTTLS. Nothing ever logs in.
  mta-sts  the policy against the MX records; with --mx their STARTTLS and certificates too

GRADES, from what is found, each area by itself

${Object.entries(GRADES)
	.map(([grade, rule]) => `  ${grade}  ${rule}\n`)
	.join('')}  ${NO_GRADE_MARK}  ${NO_GRADE_RULE}
  ${OVERALL_RULE}

EXAMPLES

  signpost check alice@example.org --record example.org.json --site signpost.example.net
  signpost check alice@example.org --record records/ --only mail --watch 60
      again every minute, and only what is new or gone; with --json a line of JSON whenever something changes
  signpost check --from domains.txt --record records/ --report report.html
      many domains, one page; a mail server that several of them have is looked at once (twice, where it could not be
      reached); exit code 1 if any has an error or a warning, 2 if one could not be looked at
  signpost check alice@example.org --record example.org.json --ca test-ca.pem --connect-to :993:127.0.0.1:10993
      a server that is not public yet
  0 6 * * *  signpost check example.org --api https://signpost.example.net --send
      a line of a crontab, below one with SIGNPOST_TOKEN: the console shows what was found last, and webhooks are told when
      an area got worse (check.worsened). Of the address only the domain is sent
  signpost check --from domains.txt --record records/ --api https://signpost.example.net --send
      records from files, results to the service; exit code 2 if one did not arrive, whatever was found
`;

/** How many domains are checked at the same time with --from. */
const CONCURRENT_CHECKS = 8;

export default defineCommand({
	meta: { name: 'check', description: 'Compare DNS, the service and the mail servers with the record.' },
	args: {
		address: {
			type: 'positional',
			required: false,
			valueHint: 'ADDRESS…',
			description: 'e-mail addresses, or bare domains; the mailboxes need not exist',
		},
		from: { type: 'string', valueHint: 'FILE', description: 'addresses or domains from a file, one per line' },
		only: { type: 'string', valueHint: 'AREAS', description: `only these areas, separated by commas: ${CHECK_AREAS.join(',')}` },
		watch: { type: 'string', valueHint: 'SECONDS', description: 'check again every so many seconds, and print what changes' },
		mx: { type: 'boolean', description: 'connect to the MX hosts on port 25 too, where the record has an MTA-STS policy' },
		codes: { type: 'boolean', description: 'list everything that can be found, and check nothing' },
		send: {
			type: 'boolean',
			description: 'send the result to the service of --api (or SIGNPOST_API); with --watch when it changes, and daily',
		},
		report: { type: 'string', valueHint: 'FILE.html', description: 'also write an HTML page' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		if (args.codes === true) {
			const rows = Object.entries(FINDING_CODES).map(([code, { severity, area, clause }]) => [area, severity, code, clause]);
			if (args.json === true) writeJson(FINDING_CODES);
			else write(columns(rows));
			return 0;
		}
		const given = await readAddresses(args._, args.from);
		if (!given.ok) return fail(given.error);
		const { addresses, badLines } = given.value;
		const options = await readCheckOptions(args);
		if (!options.ok) return fail(options.error);
		const sender = args.send === true ? createCheckSender(args) : ok(null);
		if (!sender.ok) return fail(sender.error);
		if (args.watch !== undefined) return watchChecks(addresses, options.value, Number(args.watch), args.json === true, sender.value);
		const all = checkAddresses(addresses, options.value, sender.value);
		const [only] = addresses;
		const reports = await (addresses.length === 1 ? withStatusLine(`Looking at ${only?.domain}`, all) : all);
		if (!reports.ok) return fail(reports.error);
		if (args.json === true) writeJson(reports.value);
		else if (reports.value.length === 1) write(reports.value.map(renderCheckReportText).join('\n'));
		else write(columns(reports.value.map(renderCheckReportRow)));
		if (args.report !== undefined) {
			await writeFile(args.report, renderCheckReportPage(reports.value));
			hint(`wrote ${args.report}`);
		}
		// Who has results sent waits for the service to tell of findings: that one did not arrive must not pass for a finding.
		if (sender.value?.tell() === false) return 2;
		if (!reports.value.every(isGradeA)) return 1;
		// A domain that was not looked at must not count as fine.
		return badLines > 0 || reports.value.length < addresses.length ? 2 : 0;
	},
});

/** Advice does not change the exit code, so that it never breaks a pipeline. */
function isGradeA({ overall }: CheckReport): boolean {
	return overall === 'A';
}

interface CheckArguments {
	readonly only?: string | undefined;
	readonly mx?: boolean | undefined;
	readonly site?: string | undefined;
	readonly names?: string | undefined;
	readonly record?: string | undefined;
	readonly api?: string | undefined;
	readonly send?: boolean | undefined;
	readonly resolver?: string | undefined;
	readonly timeout?: string | undefined;
	readonly ca?: string | undefined;
	readonly 'connect-to'?: string | undefined;
}

async function readCheckOptions(args: CheckArguments): Promise<Result<CheckSettings, Failure>> {
	// With --send, --api says where the results go; the records may be in files all the same.
	const records = await createRecordSource(args.send === true && args.record !== undefined ? { record: args.record } : args);
	if (!records.ok) return records;
	const site = parseSite(args);
	if (!site.ok) return site;
	const network = await createNetwork(args);
	if (!network.ok) return network;
	const areas = args.only === undefined ? CHECK_AREAS : args.only.split(',');
	const strange = areas.find((area) => !CHECK_AREAS.includes(area as CheckArea));
	if (strange !== undefined) return err({ message: `--only ${strange} is no area`, hint: `Areas: ${CHECK_AREAS.join(', ')}.` });
	return ok({
		records: records.value,
		site: site.value,
		network: network.value,
		areas: areas as readonly CheckArea[],
		mx: args.mx === true,
	});
}

interface GivenAddresses {
	readonly addresses: readonly EmailAddress[];
	/** The number of lines of --from that were reported and skipped. */
	readonly badLines: number;
}

/** A bad argument ends the call. A bad line of a file is reported, and the other lines are checked. */
async function readAddresses(words: readonly string[], from: string | undefined): Promise<Result<GivenAddresses, Failure>> {
	const addresses: EmailAddress[] = [];
	let badLines = 0;
	for (const word of words) {
		const address = parseAddressOrDomain(word);
		if (address === null) return err({ message: `"${sanitizeText(word)}" is neither an e-mail address nor a domain` });
		addresses.push(address);
	}
	if (from !== undefined) {
		const text = await readTextFile(from, 'Check the path after --from.');
		if (!text.ok) return text;
		for (const [at, line] of text.value.split(/\r?\n/).entries()) {
			const word = line.replace(/#.*/, '').trim();
			const address = word === '' ? null : parseAddressOrDomain(word);
			if (address !== null) addresses.push(address);
			else if (word !== '') {
				hint(`${from}:${at + 1}: "${sanitizeText(word)}" is neither an e-mail address nor a domain; passed over`);
				badLines++;
			}
		}
	}
	if (addresses.length === 0 && badLines > 0) return err({ message: `${from} names no address that could be looked at` });
	if (addresses.length === 0)
		return err({ message: 'no address is given', hint: 'As in: signpost check alice@example.org --record example.org.json' });
	return ok({ addresses, badLines });
}

/** A domain without a local part stands for its postmaster, an address that every mail domain has (RFC 5321 §4.5.1). */
function parseAddressOrDomain(text: string): EmailAddress | null {
	return parseEmailAddress(parseDomain(text) === null ? text : `postmaster@${text}`);
}

async function checkAddresses(
	addresses: readonly EmailAddress[],
	options: CheckSettings,
	sender: CheckSender | null,
): Promise<Result<readonly CheckReport[], Failure>> {
	const shown = createProgress(addresses.length);
	const run = startCheckRun(options.network);
	const reports = await mapConcurrently(addresses, CONCURRENT_CHECKS, async (address) => {
		// DNS answers for one domain are of no use for the next, so each gets its own cache, and memory stays bounded.
		const checked = await checkAddress(address, { ...options, network: options.network.withoutDnsCache(), run }, Date.now());
		if (checked.ok) await sender?.send(checked.value);
		shown.step(address.domain);
		return checked;
	});
	shown.done();
	const done: CheckReport[] = [];
	for (const [at, each] of reports.entries()) {
		if (each.ok) done.push(each.value);
		// A domain that cannot be checked does not prevent the check of the others.
		else if (addresses.length === 1) return each;
		else hint(`${addresses[at]?.domain}: ${each.error.message}`);
	}
	return done.length === 0 ? err({ message: 'none of them could be looked at' }) : ok(done);
}

/** A finding with the address that it is about, as --watch --json prints it. */
type WatchedFinding = Finding & { readonly address: string };

/**
 * Runs until it is interrupted. The first round is told whole, later ones by what is new or gone; with `json` each on a line of its own:
 * `{at, reports}`, then `{at, new, gone}` whenever something has changed.
 */
async function watchChecks(
	addresses: readonly EmailAddress[],
	options: CheckSettings,
	seconds: number,
	json: boolean,
	sender: CheckSender | null,
): Promise<ExitCode> {
	if (!(seconds >= 1)) return fail({ message: '--watch needs a number of seconds, 1 or more' });
	let before: ReadonlyMap<string, WatchedFinding> | null = null;
	for (;;) {
		const reports = await checkAddresses(addresses, options, sender);
		if (!reports.ok) {
			// What cannot be looked at now may be there the next time: that is what a watch is for.
			hint(`${new Date().toISOString().slice(11, 19)}  ${reports.error.message}`);
			await sleep(seconds * 1000);
			continue;
		}
		const now = new Map<string, WatchedFinding>(
			reports.value.flatMap(({ address, areas }) =>
				areas.flatMap(({ findings }) => findings.map((finding) => [renderWatchedFinding(finding), { address, ...finding }] as const)),
			),
		);
		// A domain that could not be checked this time keeps its findings.
		const looked = new Set(reports.value.map(({ address }) => address));
		for (const [line, finding] of before ?? []) if (!looked.has(finding.address)) now.set(line, finding);
		const at = new Date().toISOString();
		if (before === null) {
			if (json) writeJsonLine({ at, reports: reports.value });
			else write(reports.value.map(renderCheckReportText).join('\n'));
		} else {
			const last = before;
			const added = [...now].filter(([line]) => !last.has(line));
			const gone = [...last].filter(([line]) => !now.has(line));
			const values = (entries: readonly (readonly [string, WatchedFinding])[]) => entries.map(([, finding]) => finding);
			if (!json)
				for (const [word, entries] of [
					['new ', added],
					['gone', gone],
				] as const)
					for (const [line] of entries) write(`${at.slice(11, 19)}  ${word}  ${line}\n`);
			else if (added.length + gone.length > 0) writeJsonLine({ at, new: values(added), gone: values(gone) });
		}
		sender?.tell();
		before = now;
		await sleep(seconds * 1000);
	}
}

function renderWatchedFinding({ severity, code, place, found }: Finding): string {
	return `${severity}  ${code}  ${place}: ${found}`;
}
