/** `signpost token`: who may do what with which domains. */
import { defineCommand } from 'citty';
import { fieldOf, listOf, openApi } from '../admin/api.ts';
import { API_OPTIONS } from '../admin/options.ts';
import { columns, type ExitCode, note, paint, shown, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

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
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		switch (args.act) {
			case 'ls': {
				const answer = await api.value.call('GET', '/tokens?limit=1000');
				if (!answer.ok) return stop(answer.error);
				const tokens = listOf(answer.value.json, 'tokens');
				if (args.json === true) writeJson(tokens);
				else
					write(
						columns(
							tokens.map((each) => [
								fieldOf(each, 'id') ?? '',
								paint('bold', shown(fieldOf(each, 'name') ?? '')),
								fieldOf(each, 'role') ?? '',
								fieldOf(each, 'revokedAt') === undefined ? `until ${fieldOf(each, 'expiresAt')}` : 'revoked',
								listOf(each, 'domains').join(','),
							]),
						),
					);
				return 0;
			}
			case 'mint': {
				if (args.name === undefined || args.domains === undefined)
					return stop({ what: '--name and --domains are needed', todo: 'signpost token --help shows how.' });
				const body = { name: args.name, role: args.role, domains: args.domains.split(','), days: Number(args.days) };
				const answer = await api.value.call('POST', '/tokens', { body });
				if (!answer.ok) return stop(answer.error);
				if (args.json === true) writeJson(answer.value.json);
				else {
					note(
						`token ${fieldOf(answer.value.json, 'id')}, until ${fieldOf(answer.value.json, 'expiresAt')}; this is the only time its secret is shown:`,
					);
					write(`${fieldOf(answer.value.json, 'secret')}\n`);
				}
				return 0;
			}
			case 'revoke': {
				if (args.id === undefined) return stop({ what: 'no token is named', todo: 'signpost token ls shows their ids.' });
				const answer = await api.value.call('DELETE', `/tokens/${encodeURIComponent(args.id)}`);
				if (!answer.ok) return stop(answer.error);
				note(`${args.id} is revoked`);
				return 0;
			}
			default:
				return stop({ what: `there is no "token ${args.act}"`, todo: 'ls, mint or revoke.' });
		}
	},
});
