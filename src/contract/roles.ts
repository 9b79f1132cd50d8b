/** What a token allows, each one all that stand before it: look at candidates, read, write, hand on and take back tokens. */
export const ROLES = ['preview', 'read', 'write', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether `role` allows what `needed` asks for. */
export function roleAllows(role: Role, needed: Role): boolean {
	return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
