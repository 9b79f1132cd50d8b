/** Which ways to log in Dovecot offers, and to whom without TLS. */

import type { Remark } from '../../../lib/result.ts';
import type { SocketOffer } from '../../../model/config.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { coversEverything, isLoopbackList, parseNetworks } from '../networks.ts';
import type { ServerReview } from '../server-review.ts';
import { dovecotFinding } from './dovecot-findings.ts';
import type { DovecotScope } from './dovecot-scopes.ts';
import { blocksOf, type DovecotBlock } from './parse-dovecot.ts';

/** The SASL mechanisms for each method of the record; any of them is enough. */
const SASL_MECHANISMS = { oauth2: ['xoauth2', 'oauthbearer'], password: ['plain', 'login'] } as const;

export function checkDovecotLogin(config: DovecotBlock, scopes: readonly DovecotScope[], offers: readonly SocketOffer[]): ServerReview {
	const findings: MailServerFinding[] = [];
	const notUnderstood: Remark[] = [];
	const notLookedAt: Remark[] = [];
	const offered = authMechanisms(config);
	const wanted = new Set(offers.flatMap(({ auth }) => auth));
	for (const auth of wanted)
		if (!SASL_MECHANISMS[auth].some((name) => offered.includes(name)))
			findings.push(dovecotFinding('dovecot-mechanism-missing', 'auth_mechanisms', SASL_MECHANISMS[auth].join(' or '), offered.join(' ')));
	if (offered.includes('anonymous'))
		findings.push(dovecotFinding('dovecot-anonymous', 'auth_mechanisms', 'no anonymous', offered.join(' ')));
	findings.push(
		...config.blocks
			.filter(asksNoPassword)
			.map(({ name }) => dovecotFinding('dovecot-no-password', `passdb ${name}`.trim(), 'a password that is looked at', 'nopassword')),
	);
	for (const { place, own } of scopes) {
		const where = (name: string) => (place === '' ? name : `${place} { ${name} }`);
		if (own.get('auth_ssl_require_client_cert') === 'yes')
			findings.push(dovecotFinding('dovecot-client-certificate', where('auth_ssl_require_client_cert'), 'no', 'yes'));
		const trusted = own.get('login_trusted_networks') ?? '';
		if (trusted === '') continue;
		const networks = parseNetworks(trusted);
		if (coversEverything(networks))
			findings.push(dovecotFinding('dovecot-trusts-all', where('login_trusted_networks'), 'single addresses of your own', trusted));
		else if (!isLoopbackList(networks))
			notLookedAt.push({
				place: where('login_trusted_networks'),
				reason: `clients from ${trusted} need no TLS, and name any address as theirs`,
			});
		for (const word of [...networks.unknown, ...networks.tables])
			notUnderstood.push({ place: where('login_trusted_networks'), reason: `"${word}" is no network` });
		// A protocol block cannot change which mechanisms the auth service offers.
	}
	return { findings, notUnderstood, notLookedAt };
}

/** Whether a passdb accepts any password. With proxy=y that is in order, because the server behind it checks the password. */
function asksNoPassword(block: DovecotBlock): boolean {
	if (block.kind !== 'passdb') return false;
	const fields = [block, ...block.blocks].flatMap(({ settings }) => [...settings].map(([name, value]) => `${name}=${value}`)).join(' ');
	const asksNone = fields.split(/\bnopassword\b/).slice(1);
	return asksNone.some((behind) => !saysNo(behind)) && !/\bproxy(?:_maybe)?(?:=|\b)/.test(fields);
}

/** Whether what stands behind the name of a field is its value "no". */
function saysNo(behind: string): boolean {
	const value = behind.trimStart();
	return /^no\b/.test(value.startsWith('=') ? value.slice(1).trimStart() : value);
}

/** The SASL mechanisms in lower case. Dovecot 2.4 has a list of them, and a block of yes and no that changes the list. */
export function authMechanisms(config: DovecotBlock): readonly string[] {
	const blocks = blocksOf(config, 'auth_mechanisms', '');
	const list = config.settings.get('auth_mechanisms') ?? (blocks.length === 0 ? 'plain' : '');
	const mechanisms = new Set(
		list
			.toLowerCase()
			.split(/\s+/)
			.filter((word) => word !== ''),
	);
	for (const { settings } of blocks)
		for (const [name, on] of settings) {
			if (on === 'yes') mechanisms.add(name.toLowerCase());
			else mechanisms.delete(name.toLowerCase());
		}
	return [...mechanisms];
}
