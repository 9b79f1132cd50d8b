/** `signpost postfix`: the configuration that matches a record, printed or checked. */
import { readFile } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { findingsExitCode, renderMailServerFindings } from '../mail-server/mail-server-finding.ts';
import { checkPostfix } from '../mail-server/postfix/check-postfix.ts';
import { parseMainCf, parseMasterCf } from '../mail-server/postfix/parse-postfix.ts';
import { postfixConfig, renderPostfix } from '../mail-server/postfix/render-postfix.ts';
import { findServerOffers } from '../mail-server/server-offers.ts';
import { JSON_OPTION, parseDomainArgument, RECORD_OPTIONS } from '../options.ts';
import { type ExitCode, fail, write, writeJson } from '../terminal.ts';
import { createRecordSource } from '../workspace/record-source.ts';

export const examples = `EXAMPLES

  signpost postfix example.org --record example.org.json
      what to put into main.cf and master.cf, with the reason for each line
  signpost postfix example.org --record example.org.json --check /etc/postfix/main.cf /etc/postfix/master.cf
      what is wrong with a configuration; exit code 1 if there is an error or a warning
  postconf -n > main.cf; postconf -Mf > master.cf
      a configuration in one piece, where it is spread over files

  465 (submissions) with TLS from the first byte, 587 (submission) with TLS required where the record offers it, no AUTH before TLS,
  TLS 1.2 or later, and a log that tells the two ports apart. Defaults are those of Postfix 3.6 and later.
`;

export default defineCommand({
	meta: { name: 'postfix', description: 'Print the Postfix configuration that matches a record, or check one.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		check: { type: 'boolean', description: 'check the files MAIN.CF MASTER.CF that follow' },
		...RECORD_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const domain = parseDomainArgument(args.domain);
		if (!domain.ok) return fail(domain.error);
		const records = await createRecordSource(args);
		if (!records.ok) return fail(records.error);
		const wanted = await findServerOffers(records.value, domain.value, Date.now());
		if (!wanted.ok) return fail(wanted.error);
		if (args.check !== true) {
			const config = postfixConfig(wanted.value);
			if (args.json === true) writeJson(config);
			else write(renderPostfix(config));
			return 0;
		}
		const [main, master, ...others] = args._.slice(1);
		if (main === undefined || master === undefined || others.length > 0)
			return fail({
				message: '--check needs two files',
				hint: 'signpost postfix DOMAIN --record FILE --check /etc/postfix/main.cf /etc/postfix/master.cf',
			});
		try {
			const findings = checkPostfix(
				parseMainCf(await readFile(main, 'utf8')),
				parseMasterCf(await readFile(master, 'utf8')),
				wanted.value.offers,
			);
			if (args.json === true) writeJson(findings);
			else write(renderMailServerFindings(findings));
			return findingsExitCode(findings);
		} catch (error) {
			return fail({ message: error instanceof Error ? error.message : String(error) });
		}
	},
});
