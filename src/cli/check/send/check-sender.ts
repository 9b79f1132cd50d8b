/** Sends the reports of `signpost check --send` to the service, and tells how that went. */
import type { WorsenedArea } from '../../../contract/checks/check-results.ts';
import { formatWorsening } from '../../../contract/checks/worsened-areas.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { DAY_MS } from '../../../lib/time.ts';
import { type Failure, hint, sanitizeText } from '../../terminal.ts';
import { type AdminApiClient, type AdminApiFailure, apiAddress, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import type { CheckReport } from '../finding.ts';
import { sendCheckBody } from './check-body.ts';

export interface CheckSender {
	/** Sends a report, unless the same of that address has arrived within a day. */
	send(report: CheckReport): Promise<void>;
	/**
	 * Tells on stderr what was sent since the last time, and what could not be.
	 * @returns whether all of it arrived
	 */
	tell(): boolean;
}

type Outcome = { readonly domain: string } & Result<readonly WorsenedArea[], Failure>;

/** An unchanged result is sent again after this long: the service, and those who look at it, then know that it is still so. */
const RENEWAL_MS = DAY_MS;

/**
 * A sender to the service of --api or SIGNPOST_API.
 * @param now the clock: Unix time in milliseconds
 */
export function createCheckSender(args: { readonly api?: string | undefined }, now = Date.now): Result<CheckSender, Failure> {
	if (apiAddress(args) === null)
		return err({
			message: '--send needs the service that is to have the result',
			hint: 'Give --api https://signpost.example.net (or SIGNPOST_API), and a token with the role write in SIGNPOST_TOKEN.',
		});
	const api = createAdminApiClient(args);
	if (!api.ok) return api;
	const arrived = new Map<string, { readonly text: string; readonly at: number }>();
	let outcomes: Outcome[] = [];
	return ok({
		async send(report) {
			const { address, domain } = report;
			const body = sendCheckBody(report);
			const text = JSON.stringify(body);
			const last = arrived.get(address);
			if (last?.text === text && now() - last.at < RENEWAL_MS) return;
			const sent = await api.value.call('sendCheck', { path: { domain }, body });
			if (sent.ok) arrived.set(address, { text, at: now() });
			outcomes.push({ domain, ...(sent.ok ? ok(sent.value.worsened) : err(await explainFailure(api.value, domain, sent.error))) });
		},
		tell() {
			const told = outcomes;
			outcomes = [];
			for (const line of describeOutcomes(told, api.value.origin)) hint(line);
			return told.every((outcome) => outcome.ok);
		},
	});
}

/** A record may have no results of its own, or the service may be of a release that knows none: it answers 404 to both. */
async function explainFailure(api: AdminApiClient, domain: string, failure: AdminApiFailure): Promise<Failure> {
	if (failure.code !== 'not-found') return failure;
	const view = await api.call('readDomain', { path: { domain } });
	if (!view.ok) return failure;
	if (view.value.record === null)
		return {
			message: `${api.origin} has no record that is saved as ${domain}, and so nowhere to keep the result`,
			hint: 'Results are not kept for domains that a wildcard record answers for: save a record, or an alias, under this name.',
		};
	return { message: `${api.origin} keeps no results of checks: it is of an earlier release`, hint: 'Deploy the service anew, then send.' };
}

function describeOutcomes(outcomes: readonly Outcome[], origin: string): readonly string[] {
	const [only, ...others] = outcomes;
	if (only === undefined) return [];
	if (others.length === 0) {
		if (!only.ok) return describeFailure('not sent: ', only.error);
		return [`sent to ${origin}${only.value.length === 0 ? '' : `; ${describeWorsened(only.value)}`}`];
	}
	const worse = outcomes.filter((outcome) => outcome.ok && outcome.value.length > 0).length;
	const arrived = outcomes.filter((outcome) => outcome.ok).length;
	return [
		...outcomes.flatMap((outcome) => {
			if (!outcome.ok) return describeFailure(`${outcome.domain}: not sent: `, outcome.error);
			return outcome.value.length === 0 ? [] : [`${outcome.domain}: ${describeWorsened(outcome.value)}`];
		}),
		`${arrived} of ${outcomes.length} sent to ${origin}; ${worse} worse than before`,
	];
}

function describeWorsened(worsened: readonly WorsenedArea[]): string {
	return worsened.map((area) => `${area.area} went from ${formatWorsening(area)}`).join(', ');
}

function describeFailure(start: string, { message, hint: advice }: Failure): readonly string[] {
	return [`${start}${sanitizeText(message, 400)}`, ...(advice === undefined ? [] : [`       ${advice}`])];
}
