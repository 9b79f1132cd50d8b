/** `signpost webhook`: creates, lists, tests, enables and deletes webhooks of the admin API. */
import { defineCommand } from 'citty';
import { MAX_PAGE_SIZE } from '../../../contract/limits.ts';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../../contract/webhooks/webhook-events.ts';
import { DISABLED_EXPLANATIONS, describeAnswer, describeDeletion } from '../../../contract/webhooks/webhook-texts.ts';
import type { DeliveryView, WebhookView } from '../../../contract/webhooks/webhook-views.ts';
import { ok, type Result } from '../../../lib/result.ts';
import { API_OPTIONS } from '../../options.ts';
import { confirmOnTerminal } from '../../publish/confirm.ts';
import { columns, type ExitCode, type Failure, fail, hint, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';

export const examples = `EXAMPLES

  signpost webhook create --url https://hooks.example.org/signpost --api https://signpost.example.net
      has every change to a record that the token may see, and every check that got worse (signpost check --send), told to this URL;
      prints the secret on stdout, once
  signpost webhook create --url https://hooks.example.org/signpost --events record.deleted > secret
  signpost webhook create --url https://hooks.example.org/signpost --events check.worsened > secret
  signpost webhook list
  signpost webhook test ID
      sends a message at once; exit code 1 where the receiver did not take it
  signpost webhook deliveries ID
      the last fifty attempts
  signpost webhook enable ID
      has one that was disabled told again, of what happens from now on
  signpost webhook delete ID
      says what is lost, and asks; --yes does not. Without a terminal to ask on it needs --yes
`;

const ACTS = ['list', 'create', 'test', 'deliveries', 'enable', 'delete'] as const;
type Act = (typeof ACTS)[number];

export default defineCommand({
	meta: {
		name: 'webhook',
		description: 'Have changes to records, and checks that got worse, told to a URL, signed as Standard Webhooks has it.',
	},
	args: {
		act: { type: 'positional', required: true, description: `${ACTS.slice(0, -1).join(', ')} or ${ACTS.at(-1)}` },
		id: { type: 'positional', required: false, description: 'the webhook, for all but list and create' },
		url: { type: 'string', valueHint: 'URL', description: 'with create: where the messages are sent' },
		events: { type: 'string', valueHint: 'EVENTS', description: `with create: ${WEBHOOK_EVENTS.join(', ')}; all, where left out` },
		yes: { type: 'boolean', description: 'with delete: do not ask' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const act = ACTS.find((each) => each === args.act);
		if (act === undefined) return fail({ message: `there is no "webhook ${args.act}"`, hint: `There are ${ACTS.join(', ')}.` });
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const json = args.json === true;
		if (act === 'list') return listWebhooks(api.value, json);
		if (act === 'create') return createWebhook(api.value, args.url, args.events, json);
		if (args.id === undefined) return fail({ message: 'no webhook is named', hint: 'signpost webhook list shows their ids.' });
		if (act === 'delete') return deleteWebhook(api.value, args.id, args.yes === true);
		return actOnWebhook(api.value, act, args.id, json);
	},
});

async function readWebhooks(api: AdminApiClient): Promise<Result<readonly WebhookView[], Failure>> {
	const webhooks: WebhookView[] = [];
	for await (const page of api.pages('listWebhooks', { query: { limit: MAX_PAGE_SIZE } })) {
		if (!page.ok) return page;
		webhooks.push(...page.value.webhooks);
	}
	return ok(webhooks);
}

async function listWebhooks(api: AdminApiClient, json: boolean): Promise<ExitCode> {
	const webhooks = await readWebhooks(api);
	if (!webhooks.ok) return fail(webhooks.error);
	if (json) writeJson(webhooks.value);
	else
		write(
			columns(
				webhooks.value.map(({ id, url, events, state, disabledReason, failingSince, waiting, dropped }) => [
					id,
					paint('bold', sanitizeText(url)),
					state === 'failing' ? `failing since ${failingSince}` : state,
					`${waiting} waiting, ${dropped} dropped`,
					events.join(','),
					disabledReason === null ? '' : DISABLED_EXPLANATIONS[disabledReason],
				]),
			),
		);
	return 0;
}

async function createWebhook(api: AdminApiClient, url: string | undefined, wanted: string | undefined, json: boolean): Promise<ExitCode> {
	if (url === undefined) return fail({ message: '--url is needed', hint: 'signpost webhook --help shows how.' });
	const names = wanted?.split(',').map((name) => name.trim());
	const events = names?.flatMap((name): readonly WebhookEvent[] => WEBHOOK_EVENTS.filter((event) => event === name));
	if (events?.length !== names?.length)
		return fail({ message: `--events ${wanted} names an event that there is not`, hint: `There are ${WEBHOOK_EVENTS.join(', ')}.` });
	const created = await api.call('createWebhook', { body: events === undefined ? { url } : { url, events } });
	if (!created.ok) return fail(created.error);
	if (json) writeJson(created.value);
	else {
		// Only the secret goes to stdout, so that it can be redirected into a file.
		hint(`webhook ${created.value.id}; its secret is shown this once:`);
		write(`${created.value.secret}\n`);
	}
	return 0;
}

async function deleteWebhook(api: AdminApiClient, id: string, isConfirmed: boolean): Promise<ExitCode> {
	if (!isConfirmed) {
		const webhooks = await readWebhooks(api);
		if (!webhooks.ok) return fail(webhooks.error);
		const found = webhooks.value.find((webhook) => webhook.id === id);
		// Of an id that there is not, the service says so.
		if (found !== undefined) {
			hint(`${sanitizeText(found.url)}\n${describeDeletion(found.waiting)}`);
			const isAgreed = await confirmOnTerminal(`Delete webhook ${id}?`);
			if (!isAgreed.ok) return fail(isAgreed.error);
		}
	}
	const deleted = await api.call('deleteWebhook', { path: { webhook: id } });
	if (!deleted.ok) return fail(deleted.error);
	hint(`${id} is deleted`);
	return 0;
}

async function actOnWebhook(
	api: AdminApiClient,
	act: Exclude<Act, 'list' | 'create' | 'delete'>,
	id: string,
	json: boolean,
): Promise<ExitCode> {
	const path = { webhook: id };
	switch (act) {
		case 'test': {
			const tested = await api.call('testWebhook', { path });
			if (!tested.ok) return fail(tested.error);
			if (json) writeJson(tested.value);
			else write(`${describeOutcome(tested.value)}\n`);
			return tested.value.delivered ? 0 : 1;
		}
		case 'deliveries': {
			const read = await api.call('readDeliveries', { path });
			if (!read.ok) return fail(read.error);
			const { deliveries } = read.value;
			if (json) writeJson(deliveries);
			else
				write(
					columns(
						deliveries.map((delivery) => [
							delivery.at,
							delivery.type,
							delivery.domain === null
								? ''
								: sanitizeText(delivery.revision === null ? delivery.domain : `${delivery.domain} r${delivery.revision}`),
							`attempt ${delivery.attempt}`,
							describeOutcome(delivery),
							delivery.nextAt === null ? '' : `again ${delivery.nextAt}`,
						]),
					),
				);
			return 0;
		}
		case 'enable': {
			const enabled = await api.call('enableWebhook', { path });
			if (!enabled.ok) return fail(enabled.error);
			if (json) writeJson(enabled.value);
			else hint(`${id} is told of changes from now on`);
			return 0;
		}
	}
}

function describeOutcome(delivery: DeliveryView): string {
	return `${delivery.delivered ? 'delivered, ' : 'not delivered: '}${describeAnswer(delivery)}`;
}
