/** Checks who may send mail to the world through an smtpd service: never a stranger, always a user who has logged in. */

import type { MailServerFinding } from '../mail-server-finding.ts';
import { coversEverything, parseNetworks } from '../networks.ts';
import type { ServerReview } from '../server-review.ts';
import { postfixFinding } from './postfix-findings.ts';
import { type SmtpdService, settingRemedy } from './postfix-service.ts';
import { isYes } from './postfix-settings.ts';
import { relaysEverywhere } from './relay-domains.ts';

/** The lists of restrictions. Postfix evaluates each separately, and refuses if one of them does (SMTPD_ACCESS_README). */
const RESTRICTION_LISTS = [
	'smtpd_client_restrictions',
	'smtpd_helo_restrictions',
	'smtpd_sender_restrictions',
	'smtpd_relay_restrictions',
	'smtpd_recipient_restrictions',
	'smtpd_data_restrictions',
	'smtpd_end_of_data_restrictions',
] as const;

/** Somebody who sends to a foreign domain, from an address outside the trusted networks. */
type Sender = 'stranger' | 'user';

interface Walk {
	readonly outcome: 'permits' | 'refuses' | 'goes on';
	/** Tables and services that come before the decision and could have decided otherwise. */
	readonly tables: readonly string[];
	readonly unknown: readonly string[];
	/** Tests before the decision that home connections do not pass. */
	readonly risky: readonly string[];
}

/** What is the same for all lists of a service. */
interface WalkContext {
	readonly sender: Sender;
	readonly trustsEverybody: boolean;
	/** Whether mail for every domain counts as mail for this host. */
	readonly relaysEverywhere: boolean;
}

export function checkRelay(smtpd: SmtpdService): ServerReview {
	const { settings, place, offer } = smtpd;
	const trusted = parseNetworks(settings.value('mynetworks'));
	const trustsEverybody = coversEverything(trusted);
	const everywhere = relaysEverywhere(smtpd);
	// Without smtpd_delay_reject the first two lists are evaluated before anybody can log in (postconf(5)).
	const isBeforeLogin = (list: string) => !isYes(settings.value('smtpd_delay_reject')) && /_(?:client|helo)_/.test(list);
	const walks = (sender: Sender) =>
		RESTRICTION_LISTS.map((list) => {
			const context = {
				sender: isBeforeLogin(list) ? 'stranger' : sender,
				trustsEverybody,
				relaysEverywhere: everywhere !== null,
			} as const;
			return { list, ...walkList(smtpd, settings.value(list), context, 0) };
		});
	const ofStranger = walks('stranger');
	const ofUser = walks('user');
	const notUnderstood = [...ofStranger, ...ofUser].flatMap(({ list, unknown }) =>
		unknown.map((word) => ({ place: `${place}, ${list}`, reason: `"${word}" is no restriction that is known here` })),
	);
	notUnderstood.push(...trusted.unknown.map((word) => ({ place: `${place}, mynetworks`, reason: `"${word}" is no network` })));
	const notLookedAt = [
		...[...ofStranger, ...ofUser].flatMap(({ list, tables }) => tables.map((table) => ({ place: `${place}, ${list}`, reason: table }))),
		...trusted.tables.map((table) => ({ place: `${place}, mynetworks`, reason: table })),
	];
	const style = settings.value('mynetworks_style');
	const findings: MailServerFinding[] = [];
	if (settings.value('mynetworks') === '' && style === 'class')
		findings.push(postfixFinding('postfix-networks-class', 'main.cf: mynetworks_style', 'host', style));
	const proxies = settings.value('smtpd_authorized_xclient_hosts');
	if (coversEverything(parseNetworks(proxies)))
		findings.push(
			postfixFinding('postfix-open-relay', `${place}, smtpd_authorized_xclient_hosts`, 'single addresses', proxies, XCLIENT_REMEDY),
		);
	if (settings.value('mynetworks') === '' && style !== 'host')
		notLookedAt.push({
			place: 'main.cf, mynetworks_style',
			reason: `"${style}" trusts the networks of this host, which are not looked at`,
		});
	if (!ofStranger.some(({ outcome }) => outcome === 'refuses')) {
		const decisive = ofStranger.filter(({ list }) => list === 'smtpd_relay_restrictions' || list === 'smtpd_recipient_restrictions');
		const found = decisive.map(({ list }) => `${list} = ${settings.value(list) || '(empty)'}`).join('; ');
		if (everywhere !== null)
			findings.push(postfixFinding('postfix-open-relay', `${place}, ${everywhere.setting}`, 'domains of one’s own', everywhere.value));
		else if (trustsEverybody)
			findings.push(postfixFinding('postfix-open-relay', `${place}, mynetworks`, 'networks of one’s own', settings.value('mynetworks')));
		// A relay list that does not refuse and uses no table or service is open to strangers, whatever policy services in the recipient list
		// decide.
		else if (decisive.every(({ list, tables, unknown }) => list !== 'smtpd_relay_restrictions' || tables.length + unknown.length === 0))
			findings.push(postfixFinding('postfix-open-relay', place, 'permit_sasl_authenticated, reject', found));
		else notUnderstood.push({ place, reason: 'only tables or services decide whether strangers may send here; see below' });
	}
	if (offer !== null)
		for (const { list, outcome, tables, unknown } of ofUser) {
			if (outcome !== 'refuses') continue;
			if (tables.length === 0 && unknown.length === 0)
				findings.push(
					postfixFinding('postfix-refuses-users', `${place}, ${list}`, 'permit_sasl_authenticated before it', settings.value(list)),
				);
			else notUnderstood.push({ place: `${place}, ${list}`, reason: 'refuses users, unless a table in it permits them' });
		}
	if (offer !== null)
		for (const { list, outcome, risky } of ofUser)
			if (risky.length > 0 && outcome !== 'refuses')
				findings.push(
					postfixFinding(
						'postfix-may-refuse-users',
						`${place}, ${list}`,
						'permit_sasl_authenticated first',
						risky.join(', '),
						settingRemedy(smtpd, list, 'permit_sasl_authenticated,…', 'service'),
					),
				);
	return { findings, notUnderstood, notLookedAt };
}

const XCLIENT_REMEDY = 'Whoever may use XCLIENT is whom he says he is, with any login.';
const REFUSES_ALWAYS = new Set(['reject', 'defer']);
const REFUSES_FOREIGN = new Set(['reject_unauth_destination', 'defer_unauth_destination']);
const ASKS_OWNERS = new Set(['reject_sender_login_mismatch', 'reject_authenticated_sender_login_mismatch']);
/** Restrictions that refuse home connections, because their addresses are on block lists or their host names fail the test. */
const REFUSES_HOME =
	/^reject_(?:rbl_client|unknown_client_hostname|unknown_reverse_client_hostname|unknown_helo_hostname|non_fqdn_helo_hostname|unknown_client|unknown_hostname|non_fqdn_hostname|maps_rbl)$/;
// These only permit mail within the host's own domains or networks.
const PERMITS_OURS = new Set(['permit_auth_destination', 'permit_inet_interfaces']);
const ASKS_TABLE = new Set(['permit_dnswl_client', 'permit_rhswl_client', 'check_policy_service']);
const TABLE_WITHOUT_ARGUMENT: ReadonlyMap<string, string> = new Map([
	['permit_tls_clientcerts', 'the client certificates in relay_clientcerts'],
	['permit_tls_all_clientcerts', 'who holds a client certificate of a trusted authority'],
	['permit_mx_backup', 'the domains that this host is a backup MX for'],
]);
const MAX_NESTING = 10;

function walkList(smtpd: SmtpdService, text: string, context: WalkContext, depth: number): Walk {
	const { sender, trustsEverybody } = context;
	const { settings } = smtpd;
	const classes = settings.value('smtpd_restriction_classes').split(/[\s,]+/);
	const words = splitRestrictions(text);
	const tables: string[] = [];
	const unknown: string[] = [];
	const risky: string[] = [];
	const end = (outcome: Walk['outcome']): Walk => ({ outcome, tables, unknown, risky });
	let onlyWarn = false;
	for (let at = 0; at < words.length; at += 1) {
		const word = words[at] ?? '';
		const refuses = !onlyWarn;
		onlyWarn = word === 'warn_if_reject';
		if (onlyWarn) continue;
		if (sender === 'user' && refuses && REFUSES_HOME.test(word)) risky.push(word);
		if (REFUSES_ALWAYS.has(word)) {
			if (refuses) return end('refuses');
		} else if (REFUSES_FOREIGN.has(word)) {
			if (refuses && !context.relaysEverywhere) return end('refuses');
		} else if (ASKS_OWNERS.has(word)) {
			if (sender === 'user')
				tables.push(
					`which addresses users may send from: smtpd_sender_login_maps = ${settings.value('smtpd_sender_login_maps') || '(empty: none)'}`,
				);
		} else if (word === 'permit_auth_destination' && context.relaysEverywhere) return end('permits');
		else if (word === 'permit') return end('permits');
		else if (word === 'permit_sasl_authenticated') {
			if (sender === 'user') return end('permits');
		} else if (word === 'permit_mynetworks') {
			if (trustsEverybody) return end('permits');
		} else if (PERMITS_OURS.has(word) || word === '') {
			// For a foreign domain the evaluation continues with the next word.
		} else if (TABLE_WITHOUT_ARGUMENT.has(word)) tables.push(TABLE_WITHOUT_ARGUMENT.get(word) ?? '');
		else if (ASKS_TABLE.has(word) || /^check_\w+_access$/.test(word)) {
			at += 1;
			const outcome = staticOutcome(words[at] ?? '');
			if (outcome === 'permits' || (outcome === 'refuses' && refuses)) return end(outcome);
			if (outcome === null) tables.push(`${word} ${words[at] ?? ''}`);
		} else if (/^reject_(?:rbl|rhsbl)_\w+$/.test(word) || word === 'sleep') at += 1;
		else if (classes.includes(word) && depth < MAX_NESTING) {
			const inner = walkList(smtpd, settings.value(word), context, depth + 1);
			tables.push(...inner.tables);
			unknown.push(...inner.unknown);
			risky.push(...inner.risky);
			if (inner.outcome !== 'goes on') return end(inner.outcome);
		} else if (/^[a-z]+:/.test(word)) tables.push(word);
		else if (!/^(?:reject_[a-z_]+|defer_if_(?:permit|reject))$/.test(word)) unknown.push(word);
	}
	return end('goes on');
}

/** The answer of a table of type static, which is the same for every query; null for other tables, whose content is not known. */
function staticOutcome(table: string): 'permits' | 'refuses' | 'goes on' | null {
	const [, answer] = /^static:\{?\s*(\w+)/.exec(table) ?? [];
	if (answer === undefined) return null;
	if (/^(ok|permit)$/i.test(answer)) return 'permits';
	if (/^(reject|defer|[45]\d\d)$/i.test(answer)) return 'refuses';
	return /^dunno$/i.test(answer) ? 'goes on' : null;
}

/** Splits restrictions at blanks and commas, but not within braces. */
function splitRestrictions(text: string): readonly string[] {
	return text.match(/\{[^{}]*\}|[^\s,{}]+(?:\{[^{}]*\})?/g) ?? [];
}
