/** `signpost doctor`: what a running service lacks, in the order in which it is put right. */
import { defineCommand } from 'citty';
import type { Domain } from '../../../model/names.ts';
import { diagnoseService } from '../../doctor/diagnose-service.ts';
import { API_OPTIONS, NETWORK_OPTIONS, parseDomainArgument, parseTimeout } from '../../options.ts';
import { createNetwork } from '../../probe/network.ts';
import { type ExitCode, fail, paint, sanitizeText, write, writeJsonLine } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost doctor --api https://signpost.example.net
      the service, its settings, the token, the first record, and the names of the first five domains: DNS, certificate, answer
  signpost doctor example.org --api https://signpost.example.net
      the names of that domain
  signpost doctor --api http://127.0.0.1:8787
      npm start on this machine

  It changes nothing. What a domain's names serve is looked at by signpost check; custom hostnames by signpost hostnames --dry-run.
`;

export default defineCommand({
	meta: { name: 'doctor', description: 'Say what a running service lacks, in order.' },
	args: {
		domain: { type: 'positional', required: false, valueHint: 'DOMAIN…', description: 'mail domains whose names to look at' },
		...NETWORK_OPTIONS,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const service = createAdminApiClient(args);
		if (!service.ok) return fail(service.error);
		const network = await createNetwork(args);
		if (!network.ok) return fail(network.error);
		const timeout = parseTimeout(args);
		if (!timeout.ok) return fail(timeout.error);
		const domains: Domain[] = [];
		for (const text of args._) {
			const domain = parseDomainArgument(text);
			if (!domain.ok) return fail(domain.error);
			domains.push(domain.value);
		}
		const options = {
			service: service.value,
			network: network.value,
			domains: domains.length === 0 ? null : domains,
			timeoutMs: timeout.value,
		};
		let code: ExitCode = 0;
		for await (const diagnosis of diagnoseService(options)) {
			const { step, state, found, todo } = diagnosis;
			if (state === 'unknown' || (state === 'missing' && code === 0)) code = state === 'unknown' ? 2 : 1;
			if (args.json === true) writeJsonLine(diagnosis);
			else write(`${MARKS[state]()}  ${step}: ${sanitizeText(found, 300)}\n${todo === undefined ? '' : `         ${todo}\n`}`);
		}
		return code;
	},
});

const MARKS = {
	ok: () => paint('green', 'ok     '),
	missing: () => paint('red', 'missing'),
	unknown: () => paint('yellow', 'unknown'),
} as const;
