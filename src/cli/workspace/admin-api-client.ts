/** A client of the admin API for the command line: its origin, its token, and its failures as sentences. */
import { type ApiClient, type ApiError, createApiClient } from '../../contract/client.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';

/** A failure of a call, with the code by which a command tells what it can do something about. */
export interface AdminApiFailure extends Failure {
	readonly code: ApiError['code'];
}

export interface AdminApiClient extends ApiClient<AdminApiFailure> {
	/** Of the service, such as `https://signpost.example.net`. */
	readonly origin: string;
}

/** The service that a command line names: --api, else SIGNPOST_API; null where neither does. */
export function apiAddress(args: { readonly api?: string | undefined }): string | null {
	const text = args.api ?? process.env.SIGNPOST_API ?? '';
	return text === '' ? null : text;
}

/** A client of the service that --api or SIGNPOST_API names, with the token in SIGNPOST_TOKEN. */
export function createAdminApiClient(args: { readonly api?: string | undefined }): Result<AdminApiClient, Failure> {
	const text = apiAddress(args);
	if (text === null) return err({ message: 'no --api is given', hint: 'As in --api https://signpost.example.net (or SIGNPOST_API).' });
	const named = args.api === undefined ? `SIGNPOST_API=${text}` : `--api ${text}`;
	const origin = URL.canParse(text) ? new URL(text) : null;
	if (origin === null) return err({ message: `${named} is no URL`, hint: 'As in --api https://signpost.example.net (or SIGNPOST_API).' });
	if (origin.protocol !== 'https:' && origin.hostname !== 'localhost' && origin.hostname !== '127.0.0.1')
		return err({ message: `${named} is no https URL`, hint: 'The token would be sent unencrypted. Only localhost may be http.' });
	const token = process.env.SIGNPOST_TOKEN ?? '';
	if (token === '') return err({ message: 'SIGNPOST_TOKEN is not set', hint: 'Put an admin or domain token there.' });
	const client = createApiClient(
		(url, { method, headers, body }) =>
			// A redirect would carry the token to another host.
			fetch(new URL(url, origin), { method, headers: { ...headers, Authorization: `Bearer ${token}` }, body, redirect: 'error' }),
		(error) => ({ ...describeFailure(origin.origin, error), code: error.code }),
	);
	return ok({ ...client, origin: origin.origin });
}

function describeFailure(origin: string, error: ApiError): Failure {
	if (error.code === 'offline')
		return error.status === 0
			? { message: `${origin} does not answer: ${error.cause ?? ''}`, hint: 'Is --api right, and is the service running?' }
			: { message: `${origin} broke off: ${error.cause ?? ''}`, hint: 'Run it again: it goes on where it was.' };
	const faults = (error.errors ?? []).map(({ path, reason }) => `${path === '' ? 'It' : path} ${reason}`);
	const evidence = faults.length > 0 ? ` ${faults.join('; ')}` : error.needed === undefined ? '' : ` Needed: ${error.needed}.`;
	return { message: `${origin}: ${error.title}${evidence}`, hint: hintFor(error) };
}

function hintFor({ code, status }: ApiError): string | undefined {
	switch (code) {
		case 'unauthenticated':
			return 'Is the token in SIGNPOST_TOKEN right, not revoked, not expired?';
		case 'forbidden':
			return 'Ask for a token with the role and the domains that this needs.';
		case 'stale':
		case 'exists':
			return 'Somebody has saved it since: signpost pull, look, and try again.';
		case 'edited-outside':
			return 'signpost outside DOMAIN shows the difference, --adopt or --overwrite settles it.';
		case 'failed':
			return status === 404 || status === 200
				? 'Is --api the service’s own host name, and is its admin switched on (ADMIN_HOST)?'
				: 'The service’s log says more; its /health may, too.';
		default:
			return undefined;
	}
}
