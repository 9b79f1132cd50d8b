/** `signpost check`: the world against the record. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { err, ok, type Result } from '../../lib/result.ts';
import { type EmailAddress, parseDomain, parseEmailAddress } from '../../model/names.ts';
import { type Area, CODES } from '../check/codes.ts';
import { AREAS, GRADES, OVERALL_RULE, type Report } from '../check/finding.ts';
import { renderPage } from '../check/page.ts';
import { type CheckOptions, check } from '../check/run.ts';
import { showLine, showReport } from '../check/show.ts';
import { openNetwork } from '../network.ts';
import { JSON_OPTION, NETWORK_OPTIONS, RECORD_OPTIONS, SITE_OPTION, siteOf } from '../options.ts';
import { inParallel } from '../parallel.ts';
import { openRecords } from '../source.ts';
import { columns, type ExitCode, note, progress, stop, type Trouble, waiting, write, writeJson } from '../terminal.ts';

export const lesson = `WHAT IS LOOKED AT

  dns      every record that the record asks for, the order of 465 and 587, stale digests, SRV targets, DNSSEC, CAA, TLSA
  http     every document at every place, asked as each client asks: bytes, types, redirects, certificates, plain http
  mail     every port: TLS from the first byte or STARTTLS, certificate, TLS versions, logins offered against the record's,
           none of them before TLS, commands smuggled in behind STARTTLS. Nothing ever logs in.
  mta-sts  the policy against the MX records; with --mx their STARTTLS and certificates too

GRADES, from what is found, each area by itself

${Object.entries(GRADES)
	.map(([grade, rule]) => `  ${grade}  ${rule}\n`)
	.join('')}  ${OVERALL_RULE}

EXAMPLES

  signpost check alice@example.org --record example.org.json --site signpost.example.net
  signpost check alice@example.org --record records/ --only mail --watch 60
      again every minute, and only what is new or gone
  signpost check --from domains.txt --record records/ --report report.html
      many domains, one page; exit code 1 if any has an error or a warning
  signpost check alice@example.org --record example.org.json --ca test-ca.pem --connect-to :993:127.0.0.1:10993
      a server that is not public yet
`;

/** Domains under way at once with --from. */
const AT_ONCE = 8;

export default defineCommand({
	meta: { name: 'check', description: 'Hold DNS, the service and the mail servers against the record.' },
	args: {
		address: {
			type: 'positional',
			required: false,
			valueHint: 'ADDRESS…',
			description: 'e-mail addresses, or bare domains; the mailboxes need not exist',
		},
		from: { type: 'string', valueHint: 'FILE', description: 'addresses or domains from a file, one a line' },
		only: { type: 'string', valueHint: 'AREAS', description: `some areas, with commas: ${AREAS.join(',')}` },
		watch: { type: 'string', valueHint: 'SECONDS', description: 'look again and again, and tell what changes' },
		mx: { type: 'boolean', description: 'connect to the MX hosts on port 25 too, where the record has an MTA-STS policy' },
		codes: { type: 'boolean', description: 'list everything that can be found, and look at nothing' },
		report: { type: 'string', valueHint: 'FILE.html', description: 'write a page too' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		if (args.codes === true) {
			const rows = Object.entries(CODES).map(([code, { severity, area, clause }]) => [area, severity, code, clause]);
			if (args.json === true) writeJson(CODES);
			else write(columns(rows));
			return 0;
		}
		const addresses = await addressesOf(args._, args.from);
		if (!addresses.ok) return stop(addresses.error);
		const options = await optionsOf(args);
		if (!options.ok) return stop(options.error);
		if (args.watch !== undefined) return watch(addresses.value, options.value, Number(args.watch));
		const all = checkAll(addresses.value, options.value);
		const [only] = addresses.value;
		const reports = await (addresses.value.length === 1 ? waiting(`Looking at ${only?.domain}`, all) : all);
		if (!reports.ok) return stop(reports.error);
		if (args.json === true) writeJson(reports.value);
		else if (reports.value.length === 1) write(reports.value.map(showReport).join('\n'));
		else write(columns(reports.value.map(showLine)));
		if (args.report !== undefined) {
			await writeFile(args.report, renderPage(reports.value));
			note(`wrote ${args.report}`);
		}
		return reports.value.every(isFine) ? 0 : 1;
	},
});

/** Advice is no finding for the exit code: it never breaks a pipeline. */
function isFine({ overall }: Report): boolean {
	return overall === 'A';
}

interface CheckArguments {
	readonly only?: string | undefined;
	readonly mx?: boolean | undefined;
	readonly site?: string | undefined;
	readonly record?: string | undefined;
	readonly api?: string | undefined;
	readonly resolver?: string | undefined;
	readonly timeout?: string | undefined;
	readonly ca?: string | undefined;
	readonly 'connect-to'?: string | undefined;
}

async function optionsOf(args: CheckArguments): Promise<Result<CheckOptions, Trouble>> {
	const records = await openRecords(args);
	if (!records.ok) return records;
	const site = siteOf(args);
	if (!site.ok) return site;
	const network = await openNetwork(args);
	if (!network.ok) return network;
	const areas = args.only === undefined ? AREAS : args.only.split(',');
	const strange = areas.find((area) => !AREAS.includes(area as Area));
	if (strange !== undefined) return err({ what: `--only ${strange} is no area`, todo: `Areas: ${AREAS.join(', ')}.` });
	return ok({ records: records.value, site: site.value, network: network.value, areas: areas as readonly Area[], mx: args.mx === true });
}

async function addressesOf(words: readonly string[], from: string | undefined): Promise<Result<readonly EmailAddress[], Trouble>> {
	const texts = [...words];
	if (from !== undefined) {
		const text = await readFile(from, 'utf8').catch(() => null);
		if (text === null) return err({ what: `there is no file ${from}`, todo: 'Check the path after --from.' });
		texts.push(
			...text
				.split(/\r?\n/)
				.map((line) => line.replace(/#.*/, '').trim())
				.filter((line) => line !== ''),
		);
	}
	if (texts.length === 0)
		return err({ what: 'no address is given', todo: 'As in: signpost check alice@example.org --record example.org.json' });
	const addresses: EmailAddress[] = [];
	for (const text of texts) {
		// A bare domain stands for its postmaster, whom every mail domain has (RFC 5321 §4.5.1).
		const address = parseEmailAddress(parseDomain(text) === null ? text : `postmaster@${text}`);
		if (address === null) return err({ what: `"${text}" is neither an e-mail address nor a domain` });
		addresses.push(address);
	}
	return ok(addresses);
}

async function checkAll(addresses: readonly EmailAddress[], options: CheckOptions): Promise<Result<readonly Report[], Trouble>> {
	const shown = progress(addresses.length);
	const reports = await inParallel(addresses, AT_ONCE, async (address) => {
		// What DNS said of one domain is of no use to the next: a thousand of them keep no thousand answers.
		const checked = await check(address, { ...options, network: options.network.renewed() }, Date.now());
		shown.step(address.domain);
		return checked;
	});
	shown.done();
	const done: Report[] = [];
	for (const [at, each] of reports.entries()) {
		if (each.ok) done.push(each.value);
		// One domain that cannot be looked at does not hide the others.
		else if (addresses.length === 1) return each;
		else note(`${addresses[at]?.domain}: ${each.error.what}`);
	}
	return done.length === 0 ? err({ what: 'none of them could be looked at' }) : ok(done);
}

/** Runs until it is interrupted; the first round is told whole, later ones by what is new or gone. */
async function watch(addresses: readonly EmailAddress[], options: CheckOptions, seconds: number): Promise<ExitCode> {
	if (!(seconds >= 1)) return stop({ what: '--watch needs a number of seconds, 1 or more' });
	let before: ReadonlySet<string> | null = null;
	for (;;) {
		const reports = await checkAll(addresses, options);
		if (!reports.ok) return stop(reports.error);
		const now: ReadonlySet<string> = new Set(
			reports.value.flatMap(({ areas }) =>
				areas.flatMap(({ findings }) => findings.map(({ severity, code, place, found }) => `${severity}  ${code}  ${place}: ${found}`)),
			),
		);
		const time = new Date().toISOString().slice(11, 19);
		if (before === null) write(reports.value.map(showReport).join('\n'));
		else {
			const last = before;
			for (const line of now) if (!last.has(line)) write(`${time}  new   ${line}\n`);
			for (const line of last) if (!now.has(line)) write(`${time}  gone  ${line}\n`);
		}
		before = now;
		await sleep(seconds * 1000);
	}
}
