/** Who has done something: the name, and what kind of caller it was. */
import { type ActorKind, actorKind } from '../../../contract/acts.ts';

const KIND_LABELS: Readonly<Record<ActorKind, string>> = {
	operator: 'operator’s token',
	person: 'Access',
	token: 'token',
	owner: 'proved by DNS',
};

interface ActorNameProps {
	readonly who: string;
	/** Undefined where the service is of a release that does not say it. */
	readonly kind: ActorKind | undefined;
	/** The id of the token; null where there was none. */
	readonly token: string | null;
}

export function ActorName({ who, kind, token }: ActorNameProps) {
	return (
		<>
			<strong>{who}</strong>{' '}
			<span class="soft" title={token ?? ''}>
				({KIND_LABELS[kind ?? actorKind(who, token)]}
				{token === null ? '' : ` ${token.slice(0, 8)}`})
			</span>
		</>
	);
}
