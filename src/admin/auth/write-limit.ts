/** The limit of writes to one domain. */
import type { RecordName } from '../../model/record-name.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import type { Principal } from './principal.ts';

/** Counts a write to a record, together with those of every other token and person; false when there were too many. The operator is not limited. */
export async function isWithinWriteLimit(
	{ domains }: Principal,
	name: RecordName,
	{ isWithinRequestLimit }: Pick<AdminDependencies, 'isWithinRequestLimit'>,
): Promise<boolean> {
	return domains === 'all' || isWithinRequestLimit(`writes ${name}`);
}
