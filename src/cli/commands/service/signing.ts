/** `signpost signing`: checks and uploads the key and certificates with which Apple profiles are signed. */
import { defineCommand } from 'citty';
import { parseDomain } from '../../../model/names.ts';
import { JSON_OPTION } from '../../options.ts';
import { readSigningPair } from '../../signing/read-signing-pair.ts';
import { checkSigningPair, type SigningCheck } from '../../signing/signing-check.ts';
import { isStoredInKv, uploadSigningPair } from '../../signing/upload-signing-pair.ts';
import { columns, type ExitCode, fail, paint, sanitizeText, write, writeJson } from '../../terminal.ts';

export const examples = `EXAMPLES

  signpost signing check --key privkey.pem --chain fullchain.pem
      whether they belong together, how long they last, and what an iPhone would show
  signpost signing put --key privkey.pem --chain fullchain.pem
      checks, then uploads: as secrets of the Worker, or to KV where they are too long for that
  signpost signing put --key privkey.pem --chain fullchain.pem --domain example.org
      for the profiles of one domain, in its owner's name; to KV, read where PROFILE_SIGNING_STORE is "on"
  signpost signing put --key privkey.pem --chain fullchain.pem --local
      for npm start on this machine

  Any TLS certificate of a public authority will do, for a name of the operator's choice: phones show that name. EC P-256, P-384, or
  RSA of 2048 bits or more, in any form that openssl writes without a passphrase. Renewed? Run put again; no deploy is needed.
  Exit code 1: something is to be done; put then uploads only what at least signs.
`;

export default defineCommand({
	meta: { name: 'signing', description: 'Check or upload the key and certificates that sign Apple profiles.' },
	args: {
		act: { type: 'positional', required: true, description: 'check or put' },
		key: { type: 'string', valueHint: 'FILE', required: true, description: 'the private key, PEM, without a passphrase' },
		chain: { type: 'string', valueHint: 'FILE', required: true, description: 'the certificates, PEM, the signer’s own first' },
		domain: { type: 'string', valueHint: 'DOMAIN', description: 'sign only the profiles of this domain' },
		local: { type: 'boolean', description: 'for npm start on this machine' },
		state: {
			type: 'string',
			valueHint: 'FOLDER',
			default: '.wrangler/state',
			description: 'with --local: where npm start keeps its state',
		},
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		if (args.act !== 'check' && args.act !== 'put')
			return fail({ message: `"${args.act}" is neither check nor put`, hint: 'signpost signing --help shows how.' });
		const domain = args.domain === undefined ? null : parseDomain(args.domain);
		if (args.domain !== undefined && domain === null) return fail({ message: `"${args.domain}" is no domain` });
		const material = await readSigningPair(args.key, args.chain);
		if (!material.ok) return fail(material.error);
		const destination = { domain, local: args.local === true, state: args.state };
		const examination = await checkSigningPair(material.value, Date.now());
		const store = isStoredInKv(material.value, destination) ? 'kv' : 'secrets';
		if (args.json === true) writeJson({ ...examination, store });
		else write(renderSigningCheck(examination, store));
		const code = examination.findings.length === 0 ? 0 : 1;
		if (args.act === 'check') return code;
		if (examination.findings.some(({ severity }) => severity === 'error'))
			return fail({ message: 'nothing was uploaded: with this, profiles would be served unsigned' });
		const done = await uploadSigningPair(material.value, destination);
		if (!done.ok) return fail(done.error);
		if (args.json !== true) write(`\n${done.value}\n`);
		return code;
	},
});

function renderSigningCheck({ findings, chain, root, daysLeft, shown: line }: SigningCheck, store: 'kv' | 'secrets'): string {
	const facts = columns([
		['an iPhone shows', paint('bold', sanitizeText(line))],
		['certificates', chain.length === 0 ? 'none that can be used' : chain.map((name) => sanitizeText(name)).join('  <-  ')],
		['root', root === null ? 'unknown' : sanitizeText(root)],
		['days left', daysLeft === null ? 'unknown' : String(daysLeft)],
		['goes to', store === 'kv' ? 'KV' : 'secrets of the Worker'],
	]);
	const list = findings.map(
		({ severity, code, text, todo }) =>
			`\n${paint(severity === 'error' ? 'red' : 'yellow', severity)}  ${code}\n  ${sanitizeText(text, 400)}\n  ${sanitizeText(todo, 400)}\n`,
	);
	return facts + list.join('');
}
