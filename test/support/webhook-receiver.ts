/** A receiver of webhooks on this machine, which keeps what it is sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface ReceivedMessage {
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface WebhookReceiver {
	readonly url: string;
	readonly received: ReceivedMessage[];
	/** What it answers. */
	status: number;
	close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
	const server = createServer(async (request, response) => {
		const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
		receiver.received.push({ headers, body: await text(request) });
		const isRedirect = receiver.status >= 300 && receiver.status < 400;
		response.writeHead(receiver.status, isRedirect ? { Location: `${receiver.url}elsewhere` } : {}).end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const receiver: WebhookReceiver = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		received: [],
		status: 204,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return receiver;
}

/** What a message says, once a library has verified its signature; throws for another signature. */
export function verifyMessage({ headers, body }: ReceivedMessage, secret: string): unknown {
	return new Webhook(secret).verify(body, headers);
}
