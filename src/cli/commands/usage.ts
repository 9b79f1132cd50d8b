/** `signpost usage`: can I stop offering 587? The logs know. */
import { readFile, writeFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { utcDay } from '../../model/config.ts';
import { JSON_OPTION } from '../options.ts';
import { type ExitCode, note, stop, write, writeJson } from '../terminal.ts';
import { anonymous } from '../usage/anonymous.ts';
import { endFallback } from '../usage/end-fallback.ts';
import { page, svg } from '../usage/page.ts';
import { openLog, readLog } from '../usage/read.ts';
import { sentence, showTally } from '../usage/show.ts';
import { addDays } from '../usage/stamp.ts';
import { type Tally, tallier } from '../usage/tally.ts';
import { judge, type Verdict } from '../usage/verdict.ts';

export const lesson = `EXAMPLES

  signpost usage /var/log/mail.log /var/log/mail.log.*.gz
      submissions a day over 465 and 587, who still uses 587, and whether it can go
  journalctl -u postfix@- -o json --since -90d | signpost usage -
  signpost usage /var/log/mail.log* --html usage.html --anonymous
  signpost usage /var/log/mail.log* --write records/example.org.json --until 2027-06-30
      writes the end of 587 into the record, if the log says that it is safe

READS
  Postfix and Dovecot; plain or gzip; syslog, RFC 3339 and the journal's JSON; files in any order. Days are the log's own (the
  journal's are UTC). Postfix tells 465 from 587 by the name of the service: master.cf needs
      submissions inet n - y - - smtpd
        -o syslog_name=postfix/submissions
      submission inet n - y - - smtpd
        -o syslog_name=postfix/submission
  Dovecot tells ports apart where login_log_format_elements has lport=%{local_port} (2.3: lport=%a).

SAFE means: no submission over 587 in the last --quiet-days days of the log, and no submission of which the log does not tell.
Exit codes: 0 587 can go, 1 it cannot (yet), 2 the log does not tell.
`;

export default defineCommand({
	meta: { name: 'usage', description: 'Say from Postfix and Dovecot logs whether 587 is still used.' },
	args: {
		log: { type: 'positional', required: true, valueHint: 'LOGFILE…', description: 'log files, plain or gzip; - for standard input' },
		'quiet-days': { type: 'string', default: '30', valueHint: 'N', description: 'days without 587 that make it safe to end it' },
		svg: { type: 'string', valueHint: 'FILE', description: 'draw the chart into this file' },
		html: { type: 'string', valueHint: 'FILE', description: 'write a page with the chart and the lists' },
		anonymous: { type: 'boolean', description: 'name no account and no address' },
		write: { type: 'string', valueHint: 'RECORD', description: 'write the end of the fallback into this record, if it is safe' },
		until: { type: 'string', valueHint: 'DAY', description: 'the first day without 587 (default: 30 days from today)' },
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const quietDays = Number(args['quiet-days']);
		if (!Number.isInteger(quietDays) || quietDays < 1) return stop({ what: `--quiet-days ${args['quiet-days']} is no number of days` });
		const today = utcDay(Date.now());
		const tally = await readAll(args._, today);
		if ('what' in tally) return stop(tally);
		const verdict = judge(tally, quietDays);
		const told = args.anonymous === true ? anonymous(tally) : tally;
		if (args.json === true) writeJson({ verdict, sentence: sentence(verdict), ...told });
		else write(showTally(told, verdict) + advice(verdict, args._, today));
		if (args.svg !== undefined) await writeFile(args.svg, svg(told, verdict));
		if (args.html !== undefined) await writeFile(args.html, page(told, verdict));
		if (args.write !== undefined) return writeEnd(args.write, args.until ?? addDays(today, 30), verdict);
		return exitCode(verdict);
	},
});

async function readAll(files: readonly string[], today: string): Promise<Tally | { readonly what: string; readonly todo?: string }> {
	const tally = tallier();
	const live = process.stderr.isTTY === true;
	for (const file of files) {
		let told = Date.now();
		try {
			const { stream, size } = await openLog(file);
			await readLog(stream, tally, today, (bytes) => {
				if (!live || Date.now() - told < 1000) return;
				told = Date.now();
				// Compressed sizes are no measure of what comes out: the count alone is true for both.
				process.stderr.write(
					`\r\u001b[K${file}: ${Math.round(bytes / 1e6)} MB read${size === null ? '' : ` of a file of ${Math.round(size / 1e6)} MB`}`,
				);
			});
		} catch (error) {
			// A file that is not there, may not be read, or is broken gzip: said with its name.
			return {
				what: `${file}: ${error instanceof Error ? error.message : String(error)}`,
				todo: 'Check the path, and whether you may read it.',
			};
		} finally {
			if (live) process.stderr.write('\r\u001b[K');
		}
	}
	return tally.result();
}

function advice(verdict: Verdict, files: readonly string[], today: string): string {
	switch (verdict.answer) {
		case 'yes':
			return `Run: signpost usage ${files.join(' ')} --write RECORD.json --until ${addDays(today, 30)}\n`;
		case 'no':
			return 'Tell them, or let their clients find the new settings: every format has 465 first.\n';
		case 'cannot-tell':
			return 'Give the two services names of their own: signpost usage --help shows the lines for master.cf.\n';
		case 'soon':
		case 'no-evidence':
			return '';
	}
}

async function writeEnd(file: string, until: string, verdict: Verdict): Promise<ExitCode> {
	if (verdict.answer !== 'yes') {
		note(`${file} is left as it is: the log does not say that it is safe.`);
		return exitCode(verdict);
	}
	const text = await readFile(file, 'utf8').catch(() => null);
	if (text === null) return stop({ what: `${file} cannot be read`, todo: 'Check the path after --write.' });
	const ended = endFallback(text, until);
	if (!ended.ok) return stop({ what: `${file} ${ended.error}` });
	await writeFile(file, ended.value);
	note(`${file}: from ${until} on (UTC) no client is told of 587.`);
	return 0;
}

function exitCode({ answer }: Verdict): ExitCode {
	if (answer === 'yes') return 0;
	return answer === 'no' || answer === 'soon' ? 1 : 2;
}
