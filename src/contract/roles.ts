/** The roles of a token: preview records that are not saved, read, write, create and revoke tokens. Each includes those before it. */
export const ROLES = ['preview', 'read', 'write', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether `role` includes the role `needed`. */
export function roleAllows(role: Role, needed: Role): boolean {
	return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
