/** The limit of writes: to one domain, whoever makes them, and by one owner of tokens, to whichever domains. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { RecordEdit, SaveResult } from '../../store/ports/record-history.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { type EditAuthor, editAuthor, type Principal } from './principal.ts';

/** A change without its author. */
export type UnsignedEdit = Omit<RecordEdit, keyof EditAuthor>;

/**
 * Saves a record in the caller's name, unless the caller has made too many changes. Every save is signed by `signWithinLimit`, so that lines of
 * an import and records of a bulk edit cost as much as requests do. The operator is not limited, and a dry run counts as a request only.
 */
export async function saveWithinLimit(
	principal: Principal,
	edit: UnsignedEdit,
	dependencies: Pick<AdminDependencies, 'isWithinRequestLimit' | 'recordHistory'>,
): Promise<Result<SaveResult, ApiProblem>> {
	const signed = await signWithinLimit(principal, edit, dependencies);
	return signed.ok ? ok(await dependencies.recordHistory(edit.name).save(signed.value)) : signed;
}

/** A change in the caller's name, to be saved once; fails when the caller has made too many changes. */
export async function signWithinLimit(
	principal: Principal,
	edit: UnsignedEdit,
	dependencies: Pick<AdminDependencies, 'isWithinRequestLimit'>,
): Promise<Result<RecordEdit, ApiProblem>> {
	if (!(await countsAsWithinLimit(principal, edit, dependencies))) return err({ code: 'too-many' });
	return ok({ ...edit, ...editAuthor(principal) });
}

async function countsAsWithinLimit(
	principal: Principal,
	{ name, dryRun }: UnsignedEdit,
	dependencies: Pick<AdminDependencies, 'isWithinRequestLimit'>,
): Promise<boolean> {
	return dryRun === true || isWithinWriteLimit(principal, name, dependencies);
}

/** Counts a write to a domain; false when there were too many. The operator is not limited. */
export async function isWithinWriteLimit(
	principal: Principal,
	name: string,
	dependencies: Pick<AdminDependencies, 'isWithinRequestLimit'>,
): Promise<boolean> {
	if (principal.domains === 'all') return true;
	return (await dependencies.isWithinRequestLimit(`writes ${name}`)) && (await isWithinOwnerLimit(principal, dependencies));
}

/** Counts a write of a token and all that it was created with or has created; false when there were too many. */
export async function isWithinOwnerLimit(
	{ domains, account }: Principal,
	{ isWithinRequestLimit }: Pick<AdminDependencies, 'isWithinRequestLimit'>,
): Promise<boolean> {
	return domains === 'all' || isWithinRequestLimit(`writes of ${account}`);
}
