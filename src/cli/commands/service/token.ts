/** `signpost token`: creates, lists and revokes tokens of the admin API. */
import { defineCommand } from 'citty';
import type { OperationOutput } from '../../../contract/client.ts';
import { DEFAULT_TOKEN_DAYS, MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import { ROLES, type Role } from '../../../contract/roles.ts';
import { ok, type Result } from '../../../lib/result.ts';
import { API_OPTIONS } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { columns, type ExitCode, type Failure, fail, hint, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost token create --name "CI of example.org" --role write --domains example.org,example.net --days 90 --api https://signpost.example.net
      prints the secret on stdout, once: signpost token create … > secret
  signpost token create --name "Sales team" --role write --tag access:sales --api https://signpost.example.net
      for all records that carry the tag, now and later; only the operator adds and removes tags that begin with access:
  signpost token ls
  signpost token revoke ID
      ends it at once, and with it every token that it has created: says whose it is, and asks; --yes does not. Without a terminal
      to ask on it needs --yes

  token mint is the older name of token create.
`;

export default defineCommand({
	meta: { name: 'token', description: 'Create, list and revoke access tokens.' },
	args: {
		act: { type: 'positional', required: true, description: 'ls, create or revoke' },
		id: { type: 'positional', required: false, description: 'the token to revoke' },
		name: { type: 'string', valueHint: 'TEXT', description: 'who or what uses it' },
		role: { type: 'enum', options: [...ROLES], default: 'read', description: 'what it allows' },
		domains: { type: 'string', valueHint: 'DOMAINS', description: 'the domains it is for, separated by commas' },
		tag: { type: 'string', valueHint: 'TAG', description: 'in place of --domains: all records with this tag, which begins with access:' },
		days: { type: 'string', valueHint: 'DAYS', default: String(DEFAULT_TOKEN_DAYS), description: 'how long it is valid' },
		yes: { type: 'boolean', description: 'with revoke: do not ask' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const json = args.json === true;
		switch (args.act) {
			case 'ls':
				return listTokens(api.value, json);
			case 'create':
			case 'mint': {
				const { name, domains, tag, days } = args;
				if (name === undefined || (domains === undefined) === (tag === undefined))
					return fail({ message: '--name is needed, and either --domains or --tag', hint: 'signpost token --help shows how.' });
				if (!/^\d{1,5}$/.test(days)) return fail({ message: `--days ${days} is no number of days`, hint: 'As in --days 90.' });
				// citty has refused any value that is not one of the roles.
				const token = { name, role: args.role as Role, days: Number(days) };
				const reach = tag === undefined ? { domains: (domains ?? '').split(',').map((each) => each.trim()) } : { tag };
				const created = await api.value.call('mintToken', { body: { ...token, ...reach } });
				if (!created.ok) return fail(created.error);
				printCreatedToken(created.value, json);
				return 0;
			}
			case 'revoke': {
				if (args.id === undefined) return fail({ message: 'no token is named', hint: 'signpost token ls shows their ids.' });
				return revokeToken(api.value, args.id, args.yes === true);
			}
			default:
				return fail({ message: `there is no "token ${args.act}"`, hint: 'There are ls, create and revoke.' });
		}
	},
});

type ListedToken = OperationOutput<'listTokens'>['tokens'][number];

async function readTokens(api: AdminApiClient): Promise<Result<readonly ListedToken[], Failure>> {
	const tokens: ListedToken[] = [];
	for await (const page of api.pages('listTokens', { query: { limit: MAX_PAGE_SIZE } })) {
		if (!page.ok) return page;
		tokens.push(...page.value.tokens);
	}
	return ok(tokens);
}

async function listTokens(api: AdminApiClient, json: boolean): Promise<ExitCode> {
	const tokens = await readTokens(api);
	if (!tokens.ok) return fail(tokens.error);
	if (json) writeJson(tokens.value);
	else
		write(
			columns(
				tokens.value.map(({ id, name, role, domains, tag = null, expiresAt, revokedAt, usedAt = null }) => [
					id,
					paint('bold', sanitizeText(name)),
					role,
					revokedAt === null ? `until ${expiresAt}` : 'revoked',
					usedAt === null ? 'never used' : `used ${usedAt}`,
					describeReach({ domains, tag }),
				]),
			),
		);
	return 0;
}

function describeReach({ domains, tag = null }: Pick<ListedToken, 'domains' | 'tag'>): string {
	return tag === null ? domains.join(',') : `all with the tag ${tag}`;
}

async function revokeToken(api: AdminApiClient, id: string, isConfirmed: boolean): Promise<ExitCode> {
	if (!isConfirmed) {
		const tokens = await readTokens(api);
		if (!tokens.ok) return fail(tokens.error);
		const found = tokens.value.find((token) => token.id === id);
		// Of an id that there is not, the service says so.
		if (found !== undefined) {
			hint(
				`${sanitizeText(found.name)}, ${found.role}: ${describeReach(found)}\nIt stops working at once, and with it every token that it has created.`,
			);
			const isAgreed = await confirmOnTerminal(`Revoke token ${id}?`);
			if (!isAgreed.ok) return fail(isAgreed.error);
		}
	}
	const revoked = await api.call('revokeToken', { path: { token: id } });
	if (!revoked.ok) return fail(revoked.error);
	hint(`${id} is revoked`);
	return 0;
}

/** Prints only the secret to stdout, so that it can be redirected into a file. */
function printCreatedToken(token: OperationOutput<'mintToken'>, json: boolean): void {
	if (json) {
		writeJson(token);
		return;
	}
	hint(`token ${token.id}, until ${token.expiresAt}; its secret is shown this once:`);
	write(`${token.secret}\n`);
}
