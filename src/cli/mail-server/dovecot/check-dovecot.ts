/** Checks a Dovecot configuration against the record. */

import type { Remark } from '../../../lib/result.ts';
import type { SocketOffer } from '../../../model/config.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { EMPTY_REVIEW, mergeReviews, type ServerReview } from '../server-review.ts';
import { checkDovecotLogin } from './check-dovecot-login.ts';
import { checkDovecotTls } from './check-dovecot-tls.ts';
import { dovecotFinding } from './dovecot-findings.ts';
import {
	type DovecotListener,
	enabledProtocols,
	isLoopbackOnly,
	LOGIN_SERVICES,
	listenersOf,
	splitAddresses,
} from './dovecot-listeners.ts';
import { type DovecotScope, scopesOf } from './dovecot-scopes.ts';
import { isUnknownBearingSetting } from './dovecot-settings.ts';
import { blocksOf, type DovecotConfig } from './parse-dovecot.ts';

/** @param offers what the record offers; submission concerns Dovecot where its own submission service is on, and for who may log in */
export function checkDovecot(config: DovecotConfig, offers: readonly SocketOffer[]): ServerReview {
	const scopes = scopesOf(config);
	const [root] = scopes;
	if (root === undefined) return EMPTY_REVIEW;
	const listeners = listenersOf(config);
	const servesSubmission = enabledProtocols(config).has(LOGIN_SERVICES.smtp.protocol);
	const ours = offers.filter(({ kind }) => kind !== 'smtp' || servesSubmission);
	// Where the record offers nothing that Dovecot serves, Dovecot only decides who may log in to Postfix.
	const isReached = ours.length > 0;
	return mergeReviews([
		reviewOfFile(config, scopes),
		...ours.map((offer) => checkOffer(offer, listeners, root)),
		findingsOnly(listeners.flatMap((listener) => unlistedPortFindings(listener, ours))),
		...(isReached ? scopes.map((scope) => checkDovecotTls(scope, listeners)) : []),
		checkDovecotLogin(config, scopes, offers),
		{ ...EMPTY_REVIEW, notLookedAt: beyondFile(config, offers, servesSubmission, isReached) },
	]);
}

function findingsOnly(findings: readonly MailServerFinding[]): ServerReview {
	return { ...EMPTY_REVIEW, findings };
}

function reviewOfFile(config: DovecotConfig, scopes: readonly DovecotScope[]): ServerReview {
	const notUnderstood: Remark[] = [
		...config.unreadIncludes.map((file) => ({ place: `!include ${file}`, reason: 'could not be read' })),
		...config.unresolved.map((name) => ({ place: name, reason: 'refers to a value that is not given (doveconf -n prints it)' })),
		...scopes.flatMap(({ place, own }) =>
			[...own.keys()]
				.filter(isUnknownBearingSetting)
				.map((name) => ({ place: placeOf(place, name), reason: 'is not known here, and may change what clients are offered' })),
		),
	];
	if (config.settings.size === 0 && config.blocks.length === 0)
		notUnderstood.push({ place: 'dovecot.conf', reason: 'no setting was given: give the file, or what doveconf -n prints' });
	const findings = config.invalidLines.map(({ line, reason }) =>
		dovecotFinding('dovecot-syntax', `line "${line}"`, 'a line that Dovecot reads', reason),
	);
	return { findings, notUnderstood, notLookedAt: [] };
}

export function placeOf(scope: string, name: string): string {
	return scope === '' ? name : `${scope} { ${name} }`;
}

function placeOfListener({ kind, name, port }: DovecotListener): string {
	return `service ${LOGIN_SERVICES[kind].login}, inet_listener ${name} (port ${port})`;
}

function checkOffer({ kind, port, security }: SocketOffer, listeners: readonly DovecotListener[], root: DovecotScope): ServerReview {
	const wanted = security === 'tls' ? 'ssl = yes' : 'ssl = no';
	const found = listeners.filter((each) => each.kind === kind && each.port === port);
	const [listener] = found;
	if (listener === undefined) {
		const code = kind === 'smtp' ? 'dovecot-submission-absent' : 'dovecot-port-absent';
		return findingsOnly([dovecotFinding(code, `${LOGIN_SERVICES[kind].protocol}, port ${port}`, `a listener with ${wanted}`, 'none')]);
	}
	const place = placeOfListener(listener);
	const findings: MailServerFinding[] = [];
	if (security === 'tls' && !listener.ssl) findings.push(dovecotFinding('dovecot-not-implicit', place, wanted, 'ssl = no'));
	if (security === 'starttls' && listener.ssl) findings.push(dovecotFinding('dovecot-implicit', place, wanted, 'ssl = yes'));
	const everywhere = splitAddresses(root.value('listen') ?? '*, ::');
	const addresses = found.flatMap((each) => (each.addresses.length > 0 ? each.addresses : everywhere));
	if (isLoopbackOnly(addresses))
		findings.push(dovecotFinding('dovecot-loopback', place, 'an address that clients reach', addresses.join(' ')));
	else if (addresses.length > 0 && addresses.every((address) => address.replace(/[[\]]/g, '') === '::'))
		findings.push(dovecotFinding('dovecot-ipv6-only', place, '*, ::', addresses.join(' ')));
	const single = addresses.filter((address) => !['*', '::', '[::]', '0.0.0.0'].includes(address));
	const notLookedAt = single.length === 0 ? [] : [{ place, reason: `whether clients reach ${single.join(' ')}` }];
	const behindProxy = found.every(({ haproxy }) => haproxy)
		? [{ place, reason: 'haproxy = yes: clients come through a proxy, whose ports and TLS are its own' }]
		: [];
	return { findings, notUnderstood: behindProxy, notLookedAt };
}

function unlistedPortFindings(listener: DovecotListener, offers: readonly SocketOffer[]): readonly MailServerFinding[] {
	if (!Number.isInteger(listener.port))
		return [dovecotFinding('dovecot-syntax', placeOfListener(listener), 'a port number', String(listener.port))];
	if (offers.some(({ kind, port }) => kind === listener.kind && port === listener.port)) return [];
	if (listener.haproxy || isLoopbackOnly(listener.addresses)) return [];
	return [dovecotFinding('dovecot-port-unlisted', placeOfListener(listener), 'off: the record does not offer the port', 'on')];
}

/** What also decides, but is not in any of Dovecot's configuration files. */
function beyondFile(
	config: DovecotConfig,
	offers: readonly SocketOffer[],
	servesSubmission: boolean,
	isReached: boolean,
): readonly Remark[] {
	const list: Remark[] = [];
	if (isReached) list.push({ place: 'certificates', reason: 'whether they are valid, and for which names: signpost check looks at that' });
	if (blocksOf(config, 'passdb', '').length > 0 || config.blocks.some(({ kind }) => kind === 'passdb'))
		list.push({ place: 'passdb, userdb', reason: 'who may log in, and with what password' });
	if (!servesSubmission && offers.some(({ kind }) => kind === 'smtp'))
		list.push({ place: 'submission', reason: 'is not Dovecot’s here: signpost postfix --check looks at Postfix' });
	return list;
}
