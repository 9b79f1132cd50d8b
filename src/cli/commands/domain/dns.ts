/** `signpost dns apply`: makes the changes that `zone --diff` shows, in an order in which the zone works throughout. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { applyPlan, FRESH_MEMORY, type PublishMemory, type PublishRound } from '../../../dns/publish/apply-plan.ts';
import { planPublication } from '../../../dns/publish/publish-plan.ts';
import type { RrsetChange, ZoneComparison } from '../../../dns/zone-comparison.ts';
import { RECORD_TTL, renderRdata } from '../../../dns/zone-file.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { SECOND_MS } from '../../../lib/time.ts';
import type { Domain } from '../../../model/names.ts';
import { JSON_OPTION, NETWORK_OPTIONS, parseDomainArgument, RECORD_OPTIONS, SITE_OPTION } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { PROVIDERS } from '../../publish/open-zone.ts';
import { publishByService } from '../../publish/publish-by-service.ts';
import { type PublishSource, readPublishSource, readZoneSituation, type ZoneState } from '../../publish/zone-state.ts';
import { type ExitCode, type Failure, fail, hint, paint, sanitizeText, write, writeJsonLine } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost dns apply example.org --server ns1.example.net --tsig signpost.key --api https://signpost.example.net
      shows what it will change, asks, and does it: an update by RFC 2136, signed with the key that tsig-keygen has made
  signpost dns apply example.org --dry-run --server ns1.example.net --record records/ --site signpost.example.net
      shows it, and does nothing
  signpost dns apply example.org --via powerdns --server http://127.0.0.1:8081 --yes --api https://signpost.example.net
      by PowerDNS's HTTP API; the key is in SIGNPOST_POWERDNS_KEY
  signpost dns apply example.org --via cloudflare --yes --watch 600 --api https://signpost.example.net
      at Cloudflare, with the token in CLOUDFLARE_API_TOKEN; looks again every ten minutes, and keeps the zone as it should be
  signpost dns apply example.org --via service --yes --api https://signpost.example.net
      the service does it, where its operator has listed the zone (CLOUDFLARE_DNS_ZONES, POWERDNS_ZONES): no secret of the provider here

ORDER

  First what is new or takes the place of something wrong, all at once. Then the id of a changed MTA-STS policy, when the service answers
  with the policy. Last what goes, when resolvers have forgotten what stood there before: until then it waits, unless --no-wait leaves it
  for another time. It can be broken off at any moment: the zone works, and the next call goes on. A new call does not know when an earlier
  one added something; after one that was broken off while it waited, let the time pass that it named.

  Records that are another's are left alone, as with zone --diff.
`;

export default defineCommand({
	meta: { name: 'dns', description: 'Make the changes in DNS that zone --diff shows.' },
	args: {
		act: { type: 'positional', required: true, description: 'apply' },
		domain: { type: 'positional', required: true, valueHint: 'DOMAIN…', description: 'mail domains' },
		via: { type: 'enum', options: [...PROVIDERS, 'service'], default: 'rfc2136', description: 'how the zone is changed' },
		server: { type: 'string', valueHint: 'HOST:PORT|URL', description: 'the name server that takes updates, or the address of the API' },
		tsig: { type: 'string', valueHint: 'FILE', description: 'the TSIG key (or SIGNPOST_TSIG=hmac-sha256:NAME:SECRET)' },
		'dry-run': { type: 'boolean', description: 'show what would change, and change nothing' },
		yes: { type: 'boolean', description: 'do not ask' },
		wait: { type: 'boolean', default: true, description: 'wait until what must go can go', negativeDescription: 'leave it for later' },
		watch: { type: 'string', valueHint: 'SECONDS', description: 'with --yes: look again every so many seconds' },
		prune: { type: 'boolean', description: 'remove also what no record in the store has given, as far as anybody can tell' },
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...NETWORK_OPTIONS,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		if (args.act !== 'apply') return fail({ message: `there is no "dns ${args.act}"`, hint: 'There is apply.' });
		const domains: Domain[] = [];
		for (const text of args._.slice(1)) {
			const domain = parseDomainArgument(text);
			if (!domain.ok) return fail(domain.error);
			domains.push(domain.value);
		}
		const seconds = args.watch === undefined ? null : Number(args.watch);
		if (seconds !== null && !(seconds >= 1)) return fail({ message: '--watch needs a number of seconds, 1 or more' });
		if (seconds !== null && args.yes !== true)
			return fail({ message: '--watch without --yes', hint: 'Nobody can be asked again and again.' });
		if (args.via === 'service') return publishAllByService(domains, args);
		const source = await readPublishSource(args);
		if (!source.ok) return fail(source.error);
		const options: ApplyOptions = {
			source: source.value,
			dryRun: args['dry-run'] === true,
			isConfirmed: args.yes === true,
			waits: args.wait,
			json: args.json === true,
		};
		return seconds === null ? applyAll(domains, options) : watchAll(domains, options, seconds);
	},
});

/** The service knows the records, the zone and its secret: nothing else is given. */
async function publishAllByService(domains: readonly Domain[], args: ServiceArguments): Promise<ExitCode> {
	if (args.watch !== undefined || args.prune === true)
		return fail({ message: '--via service takes neither --watch nor --prune', hint: 'What is another’s is removed by hand.' });
	const service = createAdminApiClient(args);
	if (!service.ok) return fail(service.error);
	const options = {
		service: service.value,
		dryRun: args['dry-run'] === true,
		isConfirmed: args.yes === true,
		waits: args.wait !== false,
		json: args.json === true,
	};
	let worst: ExitCode = 0;
	for (const domain of domains) {
		const published = await publishByService(domain, options);
		const code = published.ok ? published.value : fail(published.error);
		if (code > worst) worst = code;
	}
	return worst;
}

interface ServiceArguments {
	readonly api?: string | undefined;
	readonly watch?: string | undefined;
	readonly prune?: boolean | undefined;
	readonly 'dry-run'?: boolean | undefined;
	readonly yes?: boolean | undefined;
	readonly wait?: boolean | undefined;
	readonly json?: boolean | undefined;
}

interface ApplyOptions {
	readonly source: PublishSource;
	readonly dryRun: boolean;
	readonly isConfirmed: boolean;
	readonly waits: boolean;
	readonly json: boolean;
}

async function applyAll(domains: readonly Domain[], options: ApplyOptions): Promise<ExitCode> {
	let worst: ExitCode = 0;
	for (const domain of domains) {
		const applied = await applyUntilNothingWaits(domain, options);
		const code = applied.ok ? applied.value : fail(applied.error);
		if (code > worst) worst = code;
	}
	return worst;
}

async function applyUntilNothingWaits(domain: Domain, options: ApplyOptions): Promise<Result<ExitCode, Failure>> {
	let memory = FRESH_MEMORY;
	let isConfirmed = options.isConfirmed;
	for (;;) {
		const state = await readZoneSituation(domain, options.source, Date.now());
		if (!state.ok) return state;
		const { comparison, editor } = state.value;
		showPlan(domain, comparison, state.value, options.json);
		if (comparison.changes.length === 0) return ok(codeOfRest(comparison));
		if (options.dryRun) return ok(1);
		if (!isConfirmed) {
			const answer = await confirmOnTerminal(`Make these changes in ${editor.zone}?`);
			if (!answer.ok) return answer;
			isConfirmed = true;
		}
		const round = await takeSteps(domain, state.value, options, memory);
		memory = round.memory;
		if (round.failure !== null) return err(round.failure);
		const waiting = round.held.flatMap(({ from }) => (from === null ? [] : [from]));
		if (waiting.length > 0 && options.waits) await sleep(Math.max(0, Math.min(...waiting) - Date.now()));
		else if (round.held.length > 0) return ok(1);
	}
}

/** Runs until it is interrupted. What could not be done this time is tried the next time. */
async function watchAll(domains: readonly Domain[], options: ApplyOptions, seconds: number): Promise<ExitCode> {
	const memories = new Map<Domain, PublishMemory>();
	for (;;) {
		for (const domain of domains) {
			const state = await readZoneSituation(domain, options.source, Date.now());
			if (!state.ok) {
				fail(state.error);
				continue;
			}
			if (state.value.comparison.changes.length === 0) continue;
			showPlan(domain, state.value.comparison, state.value, options.json);
			if (options.dryRun) continue;
			const round = await takeSteps(domain, state.value, options, memories.get(domain) ?? FRESH_MEMORY);
			memories.set(domain, round.memory);
			if (round.failure !== null) fail(round.failure);
		}
		await sleep(seconds * SECOND_MS);
	}
}

async function takeSteps(domain: Domain, state: ZoneState, options: ApplyOptions, memory: PublishMemory): Promise<PublishRound> {
	const plan = planPublication(domain, state.comparison.changes, state.editor.negativeTtl);
	const conditions = { now: () => Date.now(), findPolicyObstacle: state.findPolicyObstacle };
	const round = await applyPlan(plan, state.editor, conditions, memory);
	const { done, held } = round;
	if (options.json) writeJsonLine({ domain, zone: state.editor.zone, done, held });
	else {
		if (done.length > 0) write(`${domain}: changed ${countRecords(done)} in ${state.editor.zone}\n`);
		for (const { reason, from, changes } of held)
			hint(`${domain}: ${countRecords(changes)} waiting${from === null ? '' : ` until ${new Date(from).toISOString()}`}: ${reason}`);
	}
	return round;
}

function countRecords(changes: readonly RrsetChange[]): string {
	const count = changes.reduce((sum, { add, remove, removeIfPresent }) => sum + add.length + remove.length + removeIfPresent.length, 0);
	return count === 1 ? '1 record' : `${count} records`;
}

function showPlan(domain: Domain, { changes, theirs, blocked, unlooked }: ZoneComparison, state: ZoneState, json: boolean): void {
	if (json) {
		writeJsonLine({ domain, zone: state.editor.zone, changes, theirs, blocked, unlooked });
		return;
	}
	if (changes.length === 0 && blocked.length === 0 && unlooked.length === 0) write(`${domain}: nothing to change\n`);
	for (const { name, type, remove, removeIfPresent, add } of changes) {
		for (const { data } of remove) write(`${paint('red', `- ${name} ${type} ${sanitizeText(data, 300)}`)}\n`);
		for (const { data } of removeIfPresent) write(`${paint('red', `- ${name} ${type} ${sanitizeText(data, 300)}`)} (if it is there)\n`);
		for (const record of add) write(`${paint('green', `+ ${name} ${RECORD_TTL} ${type} ${renderRdata(record)}`)}\n`);
	}
	for (const { name, type, data } of theirs)
		if (!changes.some(({ remove }) => remove.some((record) => record.name === name && record.data === data)))
			hint(`left as it is, for it is another's: ${name} ${type} ${sanitizeText(data)}`);
	for (const { place, reason } of blocked) hint(`cannot be changed from here: ${place}: ${reason}`);
	for (const { place, reason } of unlooked) hint(`could not look: ${place}: ${reason}`);
}

function codeOfRest({ records, blocked }: ZoneComparison): ExitCode {
	if (blocked.length > 0) return 1;
	return records.some(({ state }) => state === 'unknown' || state === 'addresses') ? 2 : 0;
}
