/** The session of the person who is logged in. */
import { type Role, roleAllows } from '../../contract/roles.ts';
import type { OperationOutput } from './api-client.ts';

export type Session = OperationOutput<'readSession'>;

/** Whether the session may do what needs this role on this record. The service decides; this only hides buttons that it would refuse. */
export function isAllowed({ role, domains }: Session, needed: Role, name: string): boolean {
	return roleAllows(role, needed) && (domains === 'all' || domains.includes(name));
}
