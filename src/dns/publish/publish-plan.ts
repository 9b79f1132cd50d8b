/**
 * The order in which the changes of a zone are made, so that it works for clients after each of them, and for resolvers that still remember
 * what was there before. Pure.
 */
import type { LiveRecord } from '../live-zone.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { RECORD_TTL, renderRdata } from '../zone-file.ts';

/**
 * What must be so before a step is taken.
 * - `nothing`: it only adds, or puts something right in the place of something wrong.
 * - `policy-served`: the MTA-STS policy is served. A changed id makes senders fetch the policy again; those that find none keep the old
 * one, or have none (RFC 8461 §3.3, §5.1).
 * - `caches-expired`: resolvers have forgotten what stood there before the last change, so that whoever is told of a removal finds what was
 * added in its place.
 */
export type StepCondition = 'nothing' | 'policy-served' | 'caches-expired';

/** Changes that are made together, all or none. */
export interface PublishStep {
	readonly condition: StepCondition;
	readonly changes: readonly RrsetChange[];
}

export interface PublishPlan {
	/** The steps in order; none is empty. */
	readonly steps: readonly PublishStep[];
	/** Seconds for which resolvers remember what is there before the first step. */
	readonly cacheSeconds: number;
}

/**
 * @param changes those of a comparison
 * @param negativeTtl seconds for which resolvers remember that a name is not there
 */
export function planPublication(domain: string, changes: readonly RrsetChange[], negativeTtl: number): PublishPlan {
	const early: RrsetChange[] = [];
	const policy: RrsetChange[] = [];
	const late: RrsetChange[] = [];
	const last: RrsetChange[] = [];
	const losesPolicy = changes.some(({ name, add, remove }) => name === `_mta-sts.${domain}` && add.length === 0 && remove.length > 0);
	for (const group of changesByName(changes)) {
		const { name } = group[0];
		const isWithdrawn = group.every(({ add }) => add.every((record) => record.type === 'SRV' && record.target === '.'));
		const removes = group.some(({ remove, removeIfPresent }) => remove.length + removeIfPresent.length > 0);
		const [only] = group;
		if (name === `_ua-auto-config.${domain}` && group.length === 1 && only.add.length > 0 && only.remove.length > 0) {
			// A PACC client accepts any digest of the set, so the new one is added before the old one is removed.
			early.push(withoutRemovals(only));
			late.push(onlyRemovals(only));
		} else if (name === `_mta-sts.${domain}` && !isWithdrawn) policy.push(...group);
		else if (!isWithdrawn || !removes) early.push(...group);
		// Senders that still have the text look for the policy at this name.
		else if (name === `mta-sts.${domain}` && losesPolicy) last.push(...group);
		else late.push(...group);
	}
	const steps: readonly PublishStep[] = [
		{ condition: 'nothing', changes: early },
		{ condition: 'policy-served', changes: policy },
		{ condition: 'caches-expired', changes: late },
		{ condition: 'caches-expired', changes: last },
	];
	const ttls = changes.flatMap(({ remove, keep }) => [...remove, ...keep]).map(({ ttl }) => ttl);
	return { steps: steps.filter((step) => step.changes.length > 0), cacheSeconds: Math.max(negativeTtl, ...ttls) };
}

/** Groups the changes by name: a CNAME must replace addresses in one step, because it cannot stand beside them. */
function changesByName(changes: readonly RrsetChange[]): readonly (readonly [RrsetChange, ...RrsetChange[]])[] {
	const groups = new Map<string, [RrsetChange, ...RrsetChange[]]>();
	for (const change of changes) {
		const known = groups.get(change.name);
		if (known === undefined) groups.set(change.name, [change]);
		else known.push(change);
	}
	return [...groups.values()];
}

function withoutRemovals(change: RrsetChange): RrsetChange {
	return { ...change, keep: [...change.keep, ...change.remove], remove: [], removeIfPresent: [] };
}

function onlyRemovals({ name, type, keep, remove, add }: RrsetChange): RrsetChange {
	const added = add.map((record): LiveRecord => ({ name, type, data: renderRdata(record), ttl: RECORD_TTL }));
	return { name, type, keep: [...keep, ...added], remove, removeIfPresent: [], add: [] };
}
