/** `signpost dns apply --via service`: the service itself changes the zone, with the provider's token that its operator has given it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeView, PublicationView, PublishedView } from '../../contract/publication/publication-views.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Domain } from '../../model/names.ts';
import { type ExitCode, type Failure, hint, paint, sanitizeText, write, writeJsonLine } from '../terminal.ts';
import type { AdminApiClient } from '../workspace/admin-api-client.ts';
import { confirmOnTerminal } from './confirm.ts';

export interface ServicePublishOptions {
	readonly service: AdminApiClient;
	readonly dryRun: boolean;
	readonly isConfirmed: boolean;
	readonly waits: boolean;
	readonly json: boolean;
}

/** Shows the changes, asks, and has them made, until nothing waits. */
export async function publishByService(domain: Domain, options: ServicePublishOptions): Promise<Result<ExitCode, Failure>> {
	const { service, json } = options;
	let { isConfirmed } = options;
	for (;;) {
		const shown = await service.call('readPublication', { path: { domain } });
		if (!shown.ok) return shown;
		const publication = shown.value;
		if (json) writeJsonLine(publication);
		else showPublication(publication);
		if (publication.steps.length === 0) return ok(publication.blocked.length > 0 ? 1 : publication.unlooked.length > 0 ? 2 : 0);
		if (options.dryRun) return ok(1);
		if (!isConfirmed) {
			const answer = await confirmOnTerminal(`Have the service make these changes in ${publication.zone}?`);
			if (!answer.ok) return answer;
			isConfirmed = true;
		}
		const published = await service.call('publishDns', { path: { domain }, body: { plan: publication.plan } });
		if (!published.ok) return published;
		if (json) writeJsonLine(published.value);
		else showPublished(published.value);
		const { held, failure } = published.value;
		if (failure !== null) return err({ message: failure.message, hint: failure.hint ?? undefined });
		const times = held.flatMap(({ from }) => (from === null ? [] : [Date.parse(from)]));
		if (times.length > 0 && options.waits) await sleep(Math.max(0, Math.min(...times) - Date.now()));
		else if (held.length > 0) return ok(1);
	}
}

function showPublication({ domain, steps, theirs, blocked, unlooked }: PublicationView): void {
	if (steps.length + blocked.length + unlooked.length === 0) write(`${domain}: nothing to change\n`);
	for (const change of steps.flatMap(({ changes }) => changes)) showChange(change);
	for (const { name, type, data } of theirs) hint(`left as it is, for it is another's: ${name} ${type} ${sanitizeText(data)}`);
	for (const { place, reason } of blocked) hint(`cannot be changed from here: ${place}: ${sanitizeText(reason, 300)}`);
	for (const { place, reason } of unlooked) hint(`could not look: ${place}: ${sanitizeText(reason, 300)}`);
}

function showChange({ name, type, remove, removeIfPresent, add }: ChangeView): void {
	for (const { data } of remove) write(`${paint('red', `- ${name} ${type} ${sanitizeText(data, 300)}`)}\n`);
	for (const { data } of removeIfPresent) write(`${paint('red', `- ${name} ${type} ${sanitizeText(data, 300)}`)} (if it is there)\n`);
	for (const { ttl, data } of add) write(`${paint('green', `+ ${name} ${ttl} ${type} ${sanitizeText(data, 600)}`)}\n`);
}

function showPublished({ domain, zone, done, held }: PublishedView): void {
	if (done.length > 0) write(`${domain}: the service has changed ${done.length === 1 ? '1 RRset' : `${done.length} RRsets`} in ${zone}\n`);
	for (const { changes, reason, from } of held)
		hint(`${domain}: ${changes.length} waiting${from === null ? '' : ` until ${from}`}: ${sanitizeText(reason, 300)}`);
}
