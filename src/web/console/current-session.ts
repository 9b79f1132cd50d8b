/** The session of the person who is logged in. */
import { type Role, roleAllows } from '../../contract/roles.ts';
import type { OperationOutput } from './api-client.ts';

export type Session = OperationOutput<'readSession'>;

/** Whether the session may do what needs this role on this record. The service decides; this only hides buttons that it would refuse. */
export function isAllowed(session: Session, needed: Role, name: string): boolean {
	const { role, domains } = session;
	// Whoever has all records with a tag sees no others.
	return roleAllows(role, needed) && (domains === 'all' || ownTagOf(session) !== null || domains.includes(name));
}

/** The tag whose records the session has, all of them; null where it has others. */
export function ownTagOf({ domains, tag = null }: Session): string | null {
	return domains !== 'all' && domains.length === 0 ? tag : null;
}
