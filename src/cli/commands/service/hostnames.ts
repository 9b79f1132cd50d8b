/** `signpost hostnames`: the custom hostnames (Cloudflare for SaaS) that the service's records ask for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from 'citty';
import type { HostnameQuota } from '../../../hostnames/custom-hostnames-api.ts';
import { type KnownHostname, meaningOf } from '../../../hostnames/hostname-states.ts';
import { CLOUDFLARE_API } from '../../../lib/http/provider-request.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { DAY_MS, SECOND_MS } from '../../../lib/time.ts';
import { applyHostnamePlan } from '../../cloudflare/apply-hostnames.ts';
import { type CustomHostnames, createCustomHostnames } from '../../cloudflare/persistent-hostnames.ts';
import { type HostnamePlan, planHostnames } from '../../cloudflare/plan-hostnames.ts';
import { readWantedHostnames } from '../../cloudflare/wanted-hostnames.ts';
import { API_OPTIONS, parseSite, parseTimeout, SITE_MISSING, SITE_OPTION } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { createFetchTransport } from '../../publish/open-zone.ts';
import { columns, type ExitCode, type Failure, fail, hint, sanitizeText, write, writeJsonLine } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost hostnames --zone-id 023e105f4ecef8ad9ca31a8372d0c353 --site signpost.example.net --api https://signpost.example.net
      compares the names that all records ask for with the custom hostnames of the zone, says what it would create, check again and
      remove, and how many of them are charged; then it asks. What is there already is taken as it is.
  signpost hostnames --yes --watch 300 …
      the same every five minutes: a saved record has its hostnames by itself
  signpost hostnames --dry-run --json …
      the state of each, and what the customer has to publish
  signpost hostnames --service --api https://signpost.example.net
      what the service does by itself, where CUSTOM_HOSTNAMES is on there: nothing else is needed then

  CLOUDFLARE_API_TOKEN is a token with SSL and Certificates: Edit for the service's zone, and nothing more; SIGNPOST_TOKEN one that reads
  all records. A hostname goes --grace days after its record was deleted. Hostnames of which no record was deleted are never removed.
`;

export default defineCommand({
	meta: { name: 'hostnames', description: 'Create, watch and remove the custom hostnames that records ask for.' },
	args: {
		'zone-id': { type: 'string', valueHint: 'ID', description: 'the service’s zone at Cloudflare (or CLOUDFLARE_ZONE_ID)' },
		grace: {
			type: 'string',
			valueHint: 'DAYS',
			default: '30',
			description: 'days for which a hostname stays after its record was deleted',
		},
		service: { type: 'boolean', description: 'show what the service does by itself, where CUSTOM_HOSTNAMES is on there' },
		'dry-run': { type: 'boolean', description: 'show it, and change nothing' },
		yes: { type: 'boolean', description: 'do not ask' },
		watch: { type: 'string', valueHint: 'SECONDS', description: 'with --yes: again every so many seconds' },
		'api-url': { type: 'string', valueHint: 'URL', default: CLOUDFLARE_API, description: 'Cloudflare’s API' },
		timeout: { type: 'string', valueHint: 'SECONDS', default: '30', description: 'how long to wait for one answer' },
		...SITE_OPTION,
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		if (args.service === true) return showServiceHostnames(args);
		const options = readOptions(args);
		if (!options.ok) return fail(options.error);
		const seconds = args.watch === undefined ? null : Number(args.watch);
		if (seconds === null) return runOnce(options.value);
		if (!(seconds >= 1)) return fail({ message: '--watch needs a number of seconds, 1 or more' });
		if (!options.value.isConfirmed) return fail({ message: '--watch without --yes', hint: 'Nobody can be asked again and again.' });
		for (;;) {
			await runOnce(options.value);
			await sleep(seconds * SECOND_MS);
		}
	},
});

/** What the service's own keeper of hostnames has. */
async function showServiceHostnames(args: HostnameArguments): Promise<ExitCode> {
	const service = createAdminApiClient(args);
	if (!service.ok) return fail(service.error);
	let isAllReady = true;
	let count = 0;
	for await (const page of service.value.pages('listHostnames', {})) {
		if (!page.ok) return fail(page.error);
		const { on, hostnames, usage, failure } = page.value;
		if (!on)
			return fail({
				message: 'the service creates no custom hostnames by itself',
				hint: 'Set CUSTOM_HOSTNAMES (docs/deploy-cloudflare.md, step 7b), or leave --service out.',
			});
		count += hostnames.length;
		for (const each of hostnames) {
			if (each.state !== 'ready' && each.state !== 'leaving') isAllReady = false;
			if (args.json === true) writeJsonLine(each);
			else {
				write(columns([[each.hostname, each.state, each.status ?? '-', each.certificateStatus ?? '-']]));
				for (const text of [...(each.failure === null ? [] : [each.failure]), ...each.errors])
					hint(`${each.hostname}: Cloudflare says: ${sanitizeText(text, 300)}`);
			}
		}
		if (page.value.next !== null) continue;
		if (failure !== null) hint(sanitizeText(failure, 300));
		if (usage !== null && args.json !== true)
			write(`custom hostnames: ${usage.used} of ${usage.limit}; ${usage.included} are included; no more than ${usage.hardCap}\n`);
		if (failure !== null) isAllReady = false;
	}
	if (count === 0) {
		// Whether all is well cannot be told from nothing.
		hint('no custom hostname is known: no record asks for one, or the service has not looked at a record since CUSTOM_HOSTNAMES is on');
		return 1;
	}
	return isAllReady ? 0 : 1;
}

interface HostnameOptions {
	readonly service: AdminApiClient;
	readonly target: Parameters<typeof readWantedHostnames>[1];
	readonly hostnames: CustomHostnames;
	readonly graceMs: number;
	readonly isDry: boolean;
	readonly isConfirmed: boolean;
	readonly json: boolean;
}

interface HostnameArguments {
	readonly 'zone-id'?: string | undefined;
	readonly 'api-url'?: string | undefined;
	readonly 'dry-run'?: boolean | undefined;
	readonly grace?: string | undefined;
	readonly yes?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly timeout?: string | undefined;
	readonly site?: string | undefined;
	readonly names?: string | undefined;
	readonly api?: string | undefined;
}

function readOptions(args: HostnameArguments): Result<HostnameOptions, Failure> {
	const service = createAdminApiClient(args);
	if (!service.ok) return service;
	const site = parseSite(args);
	if (!site.ok) return site;
	if (site.value.host === null) return err(SITE_MISSING);
	const timeout = parseTimeout(args);
	if (!timeout.ok) return timeout;
	const days = Number(args.grace ?? '30');
	if (!(days >= 0 && days <= 3650)) return err({ message: `--grace ${args.grace} is no number of days` });
	const zoneId = args['zone-id'] ?? process.env.CLOUDFLARE_ZONE_ID ?? '';
	if (!/^[0-9a-f]{32}$/.test(zoneId))
		return err({ message: 'no --zone-id is given', hint: '32 hexadecimal digits, from the overview page of the service’s zone.' });
	const token = process.env.CLOUDFLARE_API_TOKEN ?? '';
	if (token === '')
		return err({ message: 'CLOUDFLARE_API_TOKEN is not set', hint: 'A token with SSL and Certificates: Edit for that zone.' });
	const url = args['api-url'] ?? CLOUDFLARE_API;
	if (!/^(https:\/\/|http:\/\/127\.0\.0\.1[:/])/.test(url))
		return err({ message: `--api-url ${url} is no https URL`, hint: 'The token would be sent unencrypted.' });
	const access = { url, zoneId, token };
	return ok({
		service: service.value,
		target: { host: site.value.host, names: site.value.names },
		hostnames: createCustomHostnames(access, createFetchTransport(timeout.value), (ms) => sleep(ms)),
		graceMs: days * DAY_MS,
		isDry: args['dry-run'] === true,
		isConfirmed: args.yes === true,
		json: args.json === true,
	});
}

async function runOnce(options: HostnameOptions): Promise<ExitCode> {
	const { service, target, hostnames, graceMs } = options;
	const now = Date.now();
	const wanted = await readWantedHostnames(service, target, now);
	if (!wanted.ok) return fail(wanted.error);
	const known = await hostnames.list();
	if (!known.ok) return fail(known.error);
	const quota = await hostnames.readQuota();
	if (!quota.ok) return fail(quota.error);
	const plan = planHostnames({ ...wanted.value, known: known.value, graceMs, now });
	showPlan(plan, quota.value, options.json);
	for (const domain of wanted.value.unclear) hint(`${domain}: its record is faulty, and nobody can tell which names it asks for`);
	const changes = plan.create.length + plan.recheck.length + plan.remove.length;
	if (changes === 0) return plan.kept.every((each) => meaningOf(each) === 'ready') && wanted.value.unclear.length === 0 ? 0 : 1;
	if (options.isDry) return 1;
	if (!options.isConfirmed) {
		const answer = await confirmOnTerminal('Make these changes?');
		if (!answer.ok) return fail(answer.error);
	}
	const outcomes = await applyHostnamePlan(plan, hostnames, ({ act, hostname, result }) => {
		if (options.json) writeJsonLine({ act, hostname, error: result.ok ? null : result.error.message });
		else if (result.ok) write(`${DONE[act]} ${hostname}\n`);
		else fail({ message: `${hostname}: ${result.error.message}`, hint: result.error.hint });
	});
	return outcomes.length < changes || outcomes.some(({ result }) => !result.ok) ? 2 : 1;
}

const DONE = { create: 'created', recheck: 'checked again', remove: 'removed' } as const;

function showPlan(plan: HostnamePlan, { used, allocated, hardCap }: HostnameQuota, json: boolean): void {
	const { create, recheck, remove, kept, leaving, others } = plan;
	const after = used + create.length - remove.length;
	const charged = Math.max(0, after - allocated);
	if (json) {
		const state = (each: KnownHostname) => ({ ...each, meaning: meaningOf(each) ?? 'unknown' });
		writeJsonLine({
			create,
			recheck: recheck.map(({ hostname }) => hostname),
			remove: remove.map(({ hostname }) => hostname),
			kept: kept.map(state),
			leaving: leaving.map(({ known, at }) => ({ hostname: known.hostname, at: new Date(at).toISOString() })),
			others: others.map(({ hostname }) => hostname),
			quota: { used, allocated, hardCap, after, charged },
		});
		return;
	}
	write(columns(kept.map((each) => [each.hostname, each.status, each.certificateStatus, meaningOf(each) ?? 'unknown'])));
	for (const each of kept.filter((one) => meaningOf(one) !== 'ready')) {
		for (const text of each.errors) hint(`${each.hostname}: Cloudflare says: ${sanitizeText(text, 300)}`);
		hint(`${each.hostname}: its CNAME has to lead to the service${each.validationRecords.length > 0 ? ', or, before that:' : ''}`);
		for (const text of each.validationRecords) hint(`  ${sanitizeText(text, 300)}`);
	}
	for (const { known, at } of leaving)
		hint(`${known.hostname}: goes on ${new Date(at).toISOString().slice(0, 10)}; its record was deleted`);
	for (const { hostname } of others) hint(`${hostname}: no record asks for it, and none that did was deleted: left as it is`);
	for (const hostname of create) write(`to create: ${hostname}\n`);
	for (const { hostname } of recheck) write(`to check again: ${hostname}\n`);
	for (const { hostname } of remove) write(`to remove: ${hostname}\n`);
	write(
		`custom hostnames: ${used} now, ${after} then; ${allocated} are included, ${charged} charged each month; no more than ${hardCap}\n`,
	);
}
