/** Names whoever changed something. */
import { type ActorKind, actorKind } from '../contract/acts.ts';
import { sanitizeText } from './terminal.ts';

/**
 * "operator", "ada@example.net (person)", "deployment (token 4f2a)".
 * @param told the kind of caller; undefined where the service is of a release that does not say it
 */
export function describeActor(who: string, told: ActorKind | undefined, token: string | null): string {
	const kind = told ?? actorKind(who, token);
	const details = [...(kind === who ? [] : [kind]), ...(token === null ? [] : [token])];
	return `${sanitizeText(who)}${details.length === 0 ? '' : ` (${details.join(' ')})`}`;
}
