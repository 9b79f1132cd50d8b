/** Who is logged in. */
import { type Role, roleAllows } from '../../contract/roles.ts';
import type { OperationOutput } from './api-client.ts';

export type Session = OperationOutput<'readSession'>;

/** Whether the session allows what needs this role, for this record. The service decides; this only spares buttons that would be refused. */
export function isAllowed({ role, domains }: Session, needed: Role, name: string): boolean {
	return roleAllows(role, needed) && (domains === 'all' || domains.includes(name));
}
