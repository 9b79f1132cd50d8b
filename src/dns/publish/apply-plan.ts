/** Carries out the steps of a plan one after another, as far as their conditions are met. */
import { SECOND_MS } from '../../lib/time.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import type { PublishPlan, PublishStep } from './publish-plan.ts';
import type { ZoneEditFailure, ZoneEditor } from './zone-editor.ts';

/** What a publication remembers from one round to the next: a name server does not tell when it was changed. */
export interface PublishMemory {
	/** Unix time in milliseconds until which resolvers may remember what stood there before the last change. */
	readonly cachesExpireAt: number;
}

export const FRESH_MEMORY: PublishMemory = { cachesExpireAt: 0 };

export interface PublishConditions {
	/** Unix time in milliseconds. */
	now(): number;
	/** Null where the service answers with the MTA-STS policy at the domain's name for it; else what stands in the way. */
	findPolicyObstacle(): Promise<string | null>;
}

/** A step that was not taken, and why. */
export interface HeldStep {
	readonly changes: readonly RrsetChange[];
	readonly reason: string;
	/** Unix time in milliseconds from which it can be taken; null where it waits for something else than time. */
	readonly from: number | null;
}

export interface PublishRound {
	readonly done: readonly RrsetChange[];
	readonly held: readonly HeldStep[];
	/** The failure of a step, after which no further step was tried; null where none failed. */
	readonly failure: ZoneEditFailure | null;
	readonly memory: PublishMemory;
}

export async function applyPlan(
	plan: PublishPlan,
	editor: Pick<ZoneEditor, 'applyChanges'>,
	conditions: PublishConditions,
	before: PublishMemory,
): Promise<PublishRound> {
	const done: RrsetChange[] = [];
	const held: HeldStep[] = [];
	let memory = before;
	for (const step of plan.steps) {
		const hold = await findReasonToWait(step, conditions, memory);
		if (hold !== null) {
			held.push({ changes: step.changes, ...hold });
			continue;
		}
		const applied = await editor.applyChanges(step.changes);
		// Where the answer was lost, the change may have been made nevertheless.
		if (applied.ok || applied.error.isUnknown) memory = { cachesExpireAt: conditions.now() + plan.cacheSeconds * SECOND_MS };
		if (!applied.ok) return { done, held, failure: applied.error, memory };
		done.push(...step.changes);
	}
	return { done, held, failure: null, memory };
}

async function findReasonToWait(
	{ condition }: PublishStep,
	{ now, findPolicyObstacle }: PublishConditions,
	{ cachesExpireAt }: PublishMemory,
): Promise<{ readonly reason: string; readonly from: number | null } | null> {
	switch (condition) {
		case 'nothing':
			return null;
		case 'policy-served': {
			const obstacle = await findPolicyObstacle();
			return obstacle === null ? null : { reason: `the MTA-STS policy is not served yet: ${obstacle}`, from: null };
		}
		case 'caches-expired':
			return now() >= cachesExpireAt ? null : { reason: 'resolvers may still remember what stood there before', from: cachesExpireAt };
	}
}
