/** `signpost usage`: tells from a mail server's logs whether port 587 is still used, and by whom. */
import { defineCommand } from 'citty';
import { addDays, utcDay } from '../../../lib/time.ts';
import { parseRecordName } from '../../../model/record-name.ts';
import { JSON_OPTION } from '../../options.ts';
import { type ExitCode, fail, hint, write, writeJson } from '../../terminal.ts';
import { pathExists, writeTextFile } from '../../text-files.ts';
import { MASTER_CF_EXAMPLE, renderVerdictAdvice } from '../../usage/advice.ts';
import { anonymize } from '../../usage/anonymous.ts';
import { isProvedQuiet, judgeUsage, type UsageVerdict } from '../../usage/evidence/usage-verdict.ts';
import { isCalendarDay } from '../../usage/forms/calendar.ts';
import { readLogFiles } from '../../usage/forms/read-log-files.ts';
import { renderChartSvg } from '../../usage/log-chart.ts';
import { shareableSums } from '../../usage/plan/shared-sums.ts';
import { planWindingDown, renderWindingDown } from '../../usage/plan/winding-down.ts';
import { renderUsageReportPage } from '../../usage/usage-report-page.ts';
import { renderNotLookedAt, renderUsageReportText } from '../../usage/usage-report-text.ts';
import { renderVerdictSentence } from '../../usage/verdict-text.ts';
import { writeFallbackEndToFile, writeFallbackEndToService } from '../../usage/write-fallback-end.ts';
import { apiAddress } from '../../workspace/admin-api-client.ts';
import { RECORD_FILE_SUFFIX } from '../../workspace/record-files.ts';

export const examples = `EXAMPLES

  signpost usage /var/log/mail.log*
      submissions a day over 465 and 587, who still uses 587, and whether it can go
  journalctl -o json --since -90d | signpost usage -
      the whole of it: with -t NAME a service under another name would not be seen
  ssh mail.example.org 'zcat -f /var/log/mail.log*' | signpost usage -
  signpost usage /var/log/mail.log* --report usage.html --anonymous
      a page with the chart; usage.svg would be the chart alone
  signpost usage /var/log/mail.log* --plan --until 2027-06-30
      how to end 587 by then: who is left, a text to send to each, what changes on the day; afterwards, whether anybody still knocks
  signpost usage /var/log/mail.log* --write records/example.org.json --until 2027-06-30
  signpost usage /var/log/mail.log* --write example.org --api https://signpost.example.net
      if the log says that it is safe, writes into the record the day from which no client is told of 587

READS
  Postfix, Dovecot, Exim, Sendmail, Haraka, Stalwart, nginx as a mail proxy, OpenSMTPD; plain, gzip, zstd, xz, bzip2 or zip; syslog in all its forms,
  every output of journalctl, Docker's and Kubernetes' logs; files in any order, the same lines twice. Days are the log's own (the journal's are UTC).
  Postfix tells 465 from 587 by what it says of each session from 3.0 on, and by the names of its services:

${MASTER_CF_EXAMPLE}
SAFE
  No submission over 587, on any host, and nothing that could be one and is not understood, on the last --quiet-days days that the log has. Days of
  which there is no log are not counted, and a log that ended over a week ago says nothing of today.
  Exit codes: 0 587 can go, 1 it cannot (yet), 2 the log does not tell, or cannot be read.
`;

/** Days from now to the default end: enough for accounts that send once a month. */
const NOTICE_DAYS = 30;

export default defineCommand({
	meta: { name: 'usage', description: 'Tell from the mail server’s logs whether 587 is still used, and by whom.' },
	args: {
		log: { type: 'positional', required: true, valueHint: 'LOGFILE…', description: 'log files, plain or gzip; - for standard input' },
		'quiet-days': { type: 'string', default: '30', valueHint: 'N', description: 'days without 587 that make it safe to end it' },
		report: { type: 'string', valueHint: 'FILE', description: 'also write a page (FILE.html), or only the chart (FILE.svg)' },
		'tls-only': { type: 'boolean', description: 'this server takes no login without TLS (Postfix: smtpd_tls_auth_only = yes)' },
		anonymous: { type: 'boolean', description: 'name no account and no address, anywhere' },
		plan: { type: 'boolean', description: 'say how to end 587: who is left, texts to send, dates, what changes, whom it cuts off' },
		share: { type: 'string', valueHint: 'FILE', description: 'write the shares of 465 and 587 per week, without names, to publish them' },
		write: {
			type: 'string',
			valueHint: 'RECORD',
			description: 'if it is safe, write the end of 587 into this record: a file, or a domain of the service',
		},
		api: {
			type: 'string',
			valueHint: 'URL',
			description: 'with --write DOMAIN: this service’s admin API (or SIGNPOST_API; token in SIGNPOST_TOKEN)',
		},
		until: { type: 'string', valueHint: 'DAY', description: `the first day without 587 (default: in ${NOTICE_DAYS} days)` },
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const today = utcDay(Date.now());
		const quietDays = Number(args['quiet-days']);
		if (!Number.isInteger(quietDays) || quietDays < 1) return fail({ message: `--quiet-days ${args['quiet-days']} is no number of days` });
		const until = args.until ?? addDays(today, NOTICE_DAYS);
		if (!isCalendarDay(until)) return fail({ message: `--until ${until} is no day`, hint: 'As in --until 2027-06-30.' });
		if (args.write === undefined && (args.api !== undefined || (args.until !== undefined && args.plan !== true)))
			return fail({ message: '--until and --api say how to write, and --write is not given' });
		if (args.report !== undefined && !/\.(html?|svg)$/.test(args.report))
			return fail({ message: `--report ${args.report} is neither .html nor .svg` });
		const read = await readLogFiles(args._, { today, tlsOnly: args['tls-only'] === true });
		if (!read.ok) return fail(read.error);
		const tally = args.anonymous === true ? anonymize(read.value) : read.value;
		const verdict = judgeUsage(tally, quietDays, today);
		const answer = renderVerdictSentence(verdict, tally);
		const plan = args.plan === true ? planWindingDown(tally, { until, today }) : null;
		if (args.json === true) writeJson({ verdict, sentence: answer, ...tally, ...(plan === null ? {} : { plan }) });
		else
			write(
				renderUsageReportText(tally, verdict) +
					(args.write === undefined && plan === null ? renderVerdictAdvice(verdict, args._) : '') +
					renderNotLookedAt(verdict),
			);
		if (plan !== null && args.json !== true) write(`\n${renderWindingDown(plan, verdict)}`);
		if (args.share !== undefined) {
			const saved = await writeTextFile(args.share, `${JSON.stringify(shareableSums(tally), null, 2)}\n`);
			if (!saved.ok) return fail(saved.error);
			hint(`wrote ${args.share}: shares per week, and nothing else`);
		}
		if (args.report !== undefined) {
			const saved = await writeTextFile(
				args.report,
				args.report.endsWith('.svg') ? renderChartSvg(tally, verdict) : renderUsageReportPage(tally, verdict),
			);
			if (!saved.ok) return fail(saved.error);
			hint(`wrote ${args.report}`);
		}
		return args.write === undefined
			? verdictExitCode(verdict)
			: endFallbackIfSafe(verdict, { target: args.write, api: args.api, until, note: answer });
	},
});

interface EndFallbackOptions {
	readonly target: string;
	readonly api: string | undefined;
	readonly until: string;
	readonly note: string;
}

async function endFallbackIfSafe(verdict: UsageVerdict, { target, api, until, note: why }: EndFallbackOptions): Promise<ExitCode> {
	if (!isProvedQuiet(verdict)) {
		hint(`${target} is left as it is: the log does not say that it is safe.`);
		return verdictExitCode(verdict);
	}
	const service = await serviceOf(target, api);
	const done =
		service === null
			? await writeFallbackEndToFile(verdict, target, until)
			: await writeFallbackEndToService(verdict, service, target, until, why);
	if (!done.ok) return fail(done.error);
	hint(done.value);
	return 0;
}

/**
 * The service that has the record which --write names; null where that is a file. SIGNPOST_API alone does not make a file's name a domain:
 * what exists, and what ends like a record's file, is a file.
 */
async function serviceOf(target: string, api: string | undefined): Promise<string | null> {
	if (api !== undefined) return api;
	const isFile = RECORD_FILE_SUFFIX.test(target) || parseRecordName(target) === null || (await pathExists(target));
	return isFile ? null : apiAddress({});
}

function verdictExitCode({ answer }: UsageVerdict): ExitCode {
	if (answer === 'yes') return 0;
	return answer === 'no' || answer === 'soon' ? 1 : 2;
}
