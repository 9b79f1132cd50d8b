/** `signpost token`: who may do what with which domains. */
import { defineCommand } from 'citty';
import { columns, type ExitCode, fail, hint, paint, sanitizeText, write, writeJson } from '../terminal.ts';
import { createAdminApiClient, listField, stringField } from '../workspace/admin-api-client.ts';
import { API_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost token mint --name "CI of example.org" --role write --domains example.org,example.net --days 90 --api https://signpost.example.net
      the secret goes to stdout, once: signpost token mint … > secret
  signpost token ls
  signpost token revoke ID
      at once, with all the tokens that it has handed on
`;

export default defineCommand({
	meta: { name: 'token', description: 'Mint, list and revoke tokens.' },
	args: {
		act: { type: 'positional', required: true, description: 'ls, mint or revoke' },
		id: { type: 'positional', required: false, description: 'the token to revoke' },
		name: { type: 'string', valueHint: 'TEXT', description: 'who or what uses it' },
		role: { type: 'enum', options: ['preview', 'read', 'write', 'admin'], default: 'read', description: 'what it allows' },
		domains: { type: 'string', valueHint: 'DOMAINS', description: 'the domains it is for, with commas' },
		days: { type: 'string', valueHint: 'DAYS', default: '90', description: 'how long it lives' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		switch (args.act) {
			case 'ls': {
				const answer = await api.value.request('GET', '/tokens?limit=1000');
				if (!answer.ok) return fail(answer.error);
				const tokens = listField(answer.value.json, 'tokens');
				if (args.json === true) writeJson(tokens);
				else
					write(
						columns(
							tokens.map((each) => [
								stringField(each, 'id') ?? '',
								paint('bold', sanitizeText(stringField(each, 'name') ?? '')),
								stringField(each, 'role') ?? '',
								stringField(each, 'revokedAt') === undefined ? `until ${stringField(each, 'expiresAt')}` : 'revoked',
								listField(each, 'domains').join(','),
							]),
						),
					);
				return 0;
			}
			case 'mint': {
				if (args.name === undefined || args.domains === undefined)
					return fail({ message: '--name and --domains are needed', hint: 'signpost token --help shows how.' });
				const body = { name: args.name, role: args.role, domains: args.domains.split(','), days: Number(args.days) };
				const answer = await api.value.request('POST', '/tokens', { body });
				if (!answer.ok) return fail(answer.error);
				if (args.json === true) writeJson(answer.value.json);
				else {
					hint(
						`token ${stringField(answer.value.json, 'id')}, until ${stringField(answer.value.json, 'expiresAt')}; this is the only time its secret is shown:`,
					);
					write(`${stringField(answer.value.json, 'secret')}\n`);
				}
				return 0;
			}
			case 'revoke': {
				if (args.id === undefined) return fail({ message: 'no token is named', hint: 'signpost token ls shows their ids.' });
				const answer = await api.value.request('DELETE', `/tokens/${encodeURIComponent(args.id)}`);
				if (!answer.ok) return fail(answer.error);
				hint(`${args.id} is revoked`);
				return 0;
			}
			default:
				return fail({ message: `there is no "token ${args.act}"`, hint: 'ls, mint or revoke.' });
		}
	},
});
