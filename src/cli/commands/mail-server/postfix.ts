/** `signpost postfix`: prints the Postfix configuration that matches a record, or checks one. */
import { defineCommand } from 'citty';
import { checkPostfix } from '../../mail-server/postfix/check-postfix.ts';
import { parsePostfix } from '../../mail-server/postfix/parse-postfix.ts';
import { postfixConfig, renderPostfix } from '../../mail-server/postfix/render-postfix.ts';
import { readConfigTexts } from '../../mail-server/read-config-texts.ts';
import { findOffersOfArguments } from '../../mail-server/server-offers.ts';
import { judgeReview, renderReview, reviewExitCode } from '../../mail-server/server-review.ts';
import { JSON_OPTION, RECORD_OPTIONS } from '../../options.ts';
import { type ExitCode, fail, write, writeJson } from '../../terminal.ts';

export const examples = `EXAMPLES

  signpost postfix example.org --record example.org.json
      what to add to master.cf, with the reason for each line; main.cf stays as it is
  signpost postfix example.org --record example.org.json --check /etc/postfix/main.cf /etc/postfix/master.cf
      what is wrong with a configuration, what was not understood, and what was not looked at
  (postconf -n; postconf -M; postconf -P) | signpost postfix example.org --record example.org.json --check -
      the same from what Postfix says of itself, from any host

  465 (submissions) with TLS from the first byte, 587 (submission) with TLS required where the record offers it, no AUTH before TLS,
  TLS 1.2 or later, no open relay, and a log that tells the two ports apart. Defaults are those of Postfix 3.6 and later.
  Exit code 1 if there is an error or a warning, 2 if none was seen but something was not understood.
`;

export default defineCommand({
	meta: { name: 'postfix', description: 'Print the Postfix configuration that matches a record, or check one.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		check: { type: 'boolean', description: 'check what follows: main.cf and master.cf, or - for what postconf prints' },
		...RECORD_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const wanted = await findOffersOfArguments(args);
		if (!wanted.ok) return fail(wanted.error);
		if (args.check !== true) {
			const config = postfixConfig(wanted.value);
			if (args.json === true) writeJson(config);
			else write(renderPostfix(config));
			return 0;
		}
		const files = args._.slice(1);
		if (files.length === 0)
			return fail({
				message: '--check needs files, or - for standard input',
				hint: 'signpost postfix DOMAIN --record FILE --check /etc/postfix/main.cf /etc/postfix/master.cf',
			});
		const texts = await readConfigTexts(files);
		if (!texts.ok) return fail(texts.error);
		const verdict = judgeReview(checkPostfix(parsePostfix(texts.value), wanted.value.offers));
		if (args.json === true) writeJson(verdict);
		else write(renderReview(verdict));
		return reviewExitCode(verdict);
	},
});
