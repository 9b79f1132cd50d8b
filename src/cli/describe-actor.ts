/** Names whoever changed something. */
import type { ActorKind } from '../contract/acts.ts';
import { sanitizeText } from './terminal.ts';

/** "operator", "ada@example.net (person)", "deployment (token 4f2a)". */
export function describeActor(who: string, kind: ActorKind, token: string | null): string {
	const details = [...(kind === who ? [] : [kind]), ...(token === null ? [] : [token])];
	return `${sanitizeText(who)}${details.length === 0 ? '' : ` (${details.join(' ')})`}`;
}
