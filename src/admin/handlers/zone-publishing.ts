/** Publishes the DNS records of a domain in a zone that the service may change at its provider. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { type ChangeView, type PublicationView, PublishBody, type PublishedView } from '../../contract/publication/publication-views.ts';
import { applyPlan } from '../../dns/publish/apply-plan.ts';
import type { ZoneEditor } from '../../dns/publish/zone-editor.ts';
import type { RrsetChange } from '../../dns/zone-comparison.ts';
import { RECORD_TTL, renderRdata } from '../../dns/zone-file.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isoTime, SECOND_MS } from '../../lib/time.ts';
import { parseServedDomain } from '../domain-dns.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { readBody } from '../request-input.ts';
import { readZonePublication, type ZonePublication } from '../zone-publication.ts';

export const readPublication: Handler = async (context) => {
	const read = await readWithinLimit(context);
	if (!read.ok) return read;
	const { domain, provider, editor, comparison, plan, digest } = read.value;
	const { theirs, blocked, unlooked } = comparison;
	const view: PublicationView = {
		domain,
		zone: editor.zone,
		provider,
		plan: digest,
		steps: plan.steps.map(({ condition, changes }) => ({ condition, changes: changes.map(toView) })),
		theirs,
		blocked,
		unlooked,
	};
	return ok({ body: view });
};

export const publishDns: Handler = async (context) => {
	const body = await readBody(context.request, PublishBody);
	if (!body.ok) return body;
	const read = await readWithinLimit(context);
	if (!read.ok) return read;
	const { domain, provider, editor, plan, digest, findPolicyObstacle } = read.value;
	if (body.value.plan !== digest) return err({ code: 'plan-changed' });
	const { name, dependencies } = context;
	const { now } = dependencies;
	const zoneChanges = dependencies.recordHistory(name);
	const memory = { cachesExpireAt: await zoneChanges.readCachesExpireAt(domain) };
	const cacheMs = plan.cacheSeconds * SECOND_MS;
	const appendAudit = createAuditWriter(context, editor.zone);
	const watched: Pick<ZoneEditor, 'applyChanges'> = {
		async applyChanges(changes) {
			// Before the change: should this request end in the middle of it, it is known that there may have been one.
			await appendAudit(changes);
			await zoneChanges.noteZoneChange(name, domain, now() + cacheMs);
			const applied = await editor.applyChanges(changes);
			await zoneChanges.noteZoneChange(name, domain, now() + cacheMs);
			return applied;
		},
	};
	const { done, held, failure } = await applyPlan(plan, watched, { now, findPolicyObstacle }, memory);
	const view: PublishedView = {
		domain,
		zone: editor.zone,
		provider,
		done: done.map(toView),
		held: held.map(({ changes, reason, from }) => ({
			changes: changes.map(toView),
			reason,
			from: from === null ? null : isoTime(from),
		})),
		failure: failure === null ? null : { message: failure.message, hint: failure.hint ?? null, unknown: failure.isUnknown },
	};
	return ok({ body: view });
};

/** The provider limits the service as a whole: no one customer may use that up. The operator's requests are not counted. */
async function readWithinLimit({ name, url, principal, dependencies }: HandlerContext): Promise<Result<ZonePublication, ApiProblem>> {
	const domain = parseServedDomain(name, url.searchParams.get('for'));
	if (!domain.ok) return domain;
	if (principal.domains !== 'all' && !(await dependencies.isWithinZoneLimit(principal.account))) return err({ code: 'too-many' });
	return readZonePublication(name, domain.value, dependencies);
}

/** Writes one line for each step, with every record that goes, so that it can be put back by hand. */
function createAuditWriter({ name, principal, dependencies }: HandlerContext, zone: string) {
	const source = `publish ${dependencies.newId()}`;
	let seq = 0;
	return async (changes: readonly RrsetChange[]): Promise<void> => {
		const detail = `in ${zone}: ${changes.flatMap(describeChange).join('; ')}`;
		const { who, token } = principal;
		await dependencies.directory.appendAudit([{ at: dependencies.now(), who, token, act: 'publish', domain: name, detail, source, seq }]);
		seq += 1;
	};
}

function describeChange(change: RrsetChange): readonly string[] {
	const { name, type, remove, removeIfPresent, add } = toView(change);
	const line = (sign: string) => (record: ChangeView['add'][number]) => `${sign} ${name} ${record.ttl} ${type} ${record.data}`;
	return [...remove.map(line('-')), ...removeIfPresent.map(line('- if there:')), ...add.map(line('+'))];
}

function toView({ name, type, remove, removeIfPresent, add }: RrsetChange): ChangeView {
	const dataOf = ({ ttl, data }: ChangeView['remove'][number]) => ({ ttl, data });
	return {
		name,
		type,
		remove: remove.map(dataOf),
		removeIfPresent: removeIfPresent.map(dataOf),
		add: add.map((record) => ({ ttl: RECORD_TTL, data: renderRdata(record) })),
	};
}
