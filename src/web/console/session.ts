/** Who is logged in. */
import { allows, type Role } from '../../model/role.ts';
import type { Answer } from './api.ts';

export type Session = Answer<'readSession'>;

/** Whether the session allows what needs this role, for this record. The service decides; this only spares buttons that would be refused. */
export function may({ role, domains }: Session, needed: Role, name: string): boolean {
	return allows(role, needed) && (domains === 'all' || domains.includes(name));
}
