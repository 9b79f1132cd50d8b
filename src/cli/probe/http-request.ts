/**
 * Sends one HTTP request and reports all that the answer shows. Redirects are not followed, bad certificates not refused, and the body is
 * read up to a limit.
 */
import { request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { errorMessage } from '../../lib/error-message.ts';
import { readLimited } from '../../lib/read-limited.ts';
import type { TlsHandshake } from './dialogue-steps.ts';
import type { Network } from './network.ts';
import { secureContextOf } from './start-tls.ts';
import { tlsHandshakeOf } from './tls-handshake.ts';
import { CLIENT_OFFER } from './tls-offer.ts';

export interface HttpRequest {
	readonly scheme: 'https' | 'http';
	readonly host: string;
	readonly port?: number;
	readonly method: string;
	/** Path and query. */
	readonly target: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface HttpResponse {
	readonly ok: true;
	readonly status: number;
	readonly contentType: string;
	readonly location: string | null;
	readonly body: Buffer;
	/** Null over plain http. */
	readonly tls: TlsHandshake | null;
}

export interface HttpFailure {
	readonly ok: false;
	readonly kind: 'no-address' | 'refused' | 'deadline' | 'too-much' | 'failed';
	readonly reason: string;
	readonly tls: TlsHandshake | null;
}

/** Bytes of a body that are read: far more than an answer of any discovery protocol has. */
const MAX_RESPONSE_BYTES = 262_144;

/**
 * Agents by trusted CA: what they share is OpenSSL's context, in which a hundred root certificates are read once. Each request has a connection
 * and a handshake of its own.
 */
const agents = new Map<string | null, Agent>();

function agentFor(ca: string | null): Agent {
	const known = agents.get(ca);
	if (known !== undefined) return known;
	const secureContext = secureContextOf({ ca, tlsOffer: CLIENT_OFFER });
	const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, secureContext });
	agents.set(ca, agent);
	return agent;
}

export async function sendHttpRequest(network: Network, question: HttpRequest): Promise<HttpResponse | HttpFailure> {
	const { scheme, host } = question;
	const route = await network.findSocketAddress(host, question.port ?? (scheme === 'https' ? 443 : 80));
	if (route === 'no-address') return { ok: false, kind: route, reason: `${host} has no address`, tls: null };
	if (route === 'no-answer') return { ok: false, kind: 'failed', reason: `DNS did not answer for the address of ${host}`, tls: null };
	return new Promise((resolve) => {
		let tls: TlsHandshake | null = null;
		const common = {
			host: route.address,
			port: route.port,
			method: question.method,
			path: question.target,
			headers: {
				Host: question.port === undefined ? host : `${host}:${question.port}`,
				'User-Agent': 'signpost-check',
				Accept: '*/*',
				...question.headers,
				...(question.body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(question.body)) }),
			},
		};
		const request =
			scheme === 'http'
				? requestHttp({ ...common, agent: false })
				: requestHttps({
						...common,
						servername: host,
						rejectUnauthorized: false,
						checkServerIdentity: () => undefined,
						agent: agentFor(network.ca),
					});
		const timer = setTimeout(
			() => finish({ ok: false, kind: 'deadline', reason: `no whole answer within ${network.timeoutMs / 1000} s`, tls }),
			network.timeoutMs,
		);
		const finish = (result: HttpResponse | HttpFailure) => {
			clearTimeout(timer);
			request.on('error', () => undefined);
			request.destroy();
			resolve(result);
		};
		request.on('socket', (socket) => {
			socket.on('secureConnect', () => {
				tls = tlsHandshakeOf(socket as TLSSocket, host, false);
			});
		});
		request.on('error', (error: NodeJS.ErrnoException) =>
			finish({ ok: false, kind: error.code === 'ECONNREFUSED' ? 'refused' : 'failed', reason: error.code ?? error.message, tls }),
		);
		request.on('response', (response) => {
			readLimited(response, MAX_RESPONSE_BYTES).then(
				(body) =>
					finish(
						body.ok
							? {
									ok: true,
									status: response.statusCode ?? 0,
									contentType: response.headers['content-type'] ?? '',
									location: response.headers.location ?? null,
									body: Buffer.from(body.value),
									tls,
								}
							: { ok: false, kind: 'too-much', reason: `more than ${MAX_RESPONSE_BYTES} bytes`, tls },
					),
				(error: unknown) => finish({ ok: false, kind: 'failed', reason: errorMessage(error), tls }),
			);
		});
		request.end(question.body);
	});
}
