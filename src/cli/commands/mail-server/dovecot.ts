/** `signpost dovecot`: prints the Dovecot configuration that matches a record, or checks one. */
import { join, resolve } from 'node:path';
import { defineCommand } from 'citty';
import { checkDovecot } from '../../mail-server/dovecot/check-dovecot.ts';
import { DOVECOT_VERSIONS, type DovecotVersion } from '../../mail-server/dovecot/dovecot-listeners.ts';
import { parseDovecot } from '../../mail-server/dovecot/parse-dovecot.ts';
import { readIncludedFiles } from '../../mail-server/dovecot/read-dovecot.ts';
import { renderDovecot } from '../../mail-server/dovecot/render-dovecot.ts';
import { readConfigTexts, STDIN_NAME } from '../../mail-server/read-config-texts.ts';
import { findOffersOfArguments } from '../../mail-server/server-offers.ts';
import { judgeReview, renderReview, reviewExitCode } from '../../mail-server/server-review.ts';
import { JSON_OPTION, RECORD_OPTIONS } from '../../options.ts';
import { type ExitCode, fail, write, writeJson } from '../../terminal.ts';

export const examples = `EXAMPLES

  signpost dovecot example.org --record example.org.json > /etc/dovecot/conf.d/99-signpost.conf
      the settings that match the record, with the reason for each; they add to what the host has
  signpost dovecot example.org --record example.org.json --for 2.4
      for Dovecot 2.4, which has other names
  signpost dovecot example.org --record example.org.json --check /etc/dovecot/dovecot.conf
      what is wrong with a configuration, included files and all, what was not understood, and what was not looked at
  doveconf -n | signpost dovecot example.org --record example.org.json --check -
      the same from what Dovecot says of itself, from any host

  993 and 995 with TLS from the first byte, STARTTLS only where the record offers it, no password before TLS, TLS 1.2 or later,
  Dovecot's own submission service where it is on, and the socket at which Postfix asks who may submit.
  Exit code 1 if there is an error or a warning, 2 if none was seen but something was not understood.
`;

export default defineCommand({
	meta: { name: 'dovecot', description: 'Print the Dovecot configuration that matches a record, or check one.' },
	args: {
		domain: { type: 'positional', required: true, description: 'the mail domain' },
		check: { type: 'boolean', description: 'check what follows: dovecot.conf, or - for what doveconf -n prints' },
		for: { type: 'enum', options: [...DOVECOT_VERSIONS], default: '2.3', description: 'the version to print for' },
		...RECORD_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const wanted = await findOffersOfArguments(args);
		if (!wanted.ok) return fail(wanted.error);
		if (args.check !== true) {
			const text = renderDovecot(wanted.value, args.for as DovecotVersion);
			if (args.json === true) writeJson({ version: args.for, config: text });
			else write(text);
			return 0;
		}
		const [file, ...others] = args._.slice(1);
		if (file === undefined || others.length > 0)
			return fail({
				message: '--check needs one file, or - for standard input',
				hint: 'signpost dovecot DOMAIN --record FILE --check /etc/dovecot/dovecot.conf',
			});
		const texts = await readConfigTexts([file]);
		if (!texts.ok) return fail(texts.error);
		const path = file === STDIN_NAME ? join(process.cwd(), 'standard input') : resolve(file);
		const verdict = judgeReview(checkDovecot(parseDovecot(texts.value.join('\n'), path, readIncludedFiles), wanted.value.offers));
		if (args.json === true) writeJson(verdict);
		else write(renderReview(verdict));
		return reviewExitCode(verdict);
	},
});
