/** Somebody else saved in the meantime: both sides, and what they come to together. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { DomainView } from '../../contract/views.ts';
import { parseRecord } from '../../model/record.ts';
import { useArrival } from './arrival.ts';
import { Changes, PlaceName, Value } from './changes.tsx';
import type { Kept } from './kept.ts';
import { type Collision, merge, settle } from './merge.ts';
import { Time } from './page.tsx';

interface ConflictProps {
	readonly kept: Kept;
	readonly view: DomainView;
	/** Goes on from what is live with this draft; `save` at once. */
	readonly take: (draft: unknown, then: 'look' | 'save') => void;
	readonly drop: () => void;
	readonly busy: boolean;
}

type Sidedness = 'mine' | 'theirs';

export function Conflict({ kept, view, take, drop, busy }: ConflictProps) {
	const merged = useMemo(() => merge(kept.base, kept.draft, view.record), [kept, view]);
	const [sides, setSides] = useState<Readonly<Record<string, Sidedness>>>({});
	const chosen = merged.collisions.map(({ path }) => sides[path.join('.')]);
	const isSettled = chosen.every((side) => side !== undefined);
	const result = settle(
		merged,
		chosen.map((side) => side ?? 'mine'),
	);
	const faults = parseRecord(result);
	const { latest } = view;
	const heading = useRef<HTMLHeadingElement>(null);
	useArrival(heading, view.revision);
	return (
		<section class="conflict card pad stack" aria-labelledby="conflict" role="alert">
			<h2 id="conflict" tabIndex={-1} ref={heading}>
				{merged.collisions.length === 0 ? 'Two edits that go together' : 'Two edits that collide'}
			</h2>
			<p>
				{latest === null ? 'Somebody' : <strong>{latest.author}</strong>} saved revision {view.revision}
				{latest === null ? null : (
					<>
						{' '}
						(<Time at={latest.at} />)
					</>
				)}{' '}
				after you began with revision {kept.revision}. Nothing is lost:{' '}
				{merged.collisions.length === 0
					? 'the two touch different places, and this is what they come to together.'
					: 'what touches different places is merged; choose where both changed the same.'}
			</p>
			<div class="sides">
				<div>
					<h3>Yours</h3>
					<Changes before={kept.base} after={kept.draft} />
				</div>
				<div>
					<h3>Theirs</h3>
					<Changes before={kept.base} after={view.record} />
				</div>
			</div>
			{merged.collisions.map((collision) => {
				const key = collision.path.join('.');
				return (
					<Collided
						key={key}
						collision={collision}
						chosen={sides[key]}
						choose={(side) => setSides((others) => ({ ...others, [key]: side }))}
					/>
				);
			})}
			{faults.ok || !isSettled ? null : (
				<p class="fault">
					Together they are no record yet: {faults.error.map(({ path, reason }) => `${path} ${reason}`).join('; ')}. Take it into the form
					and mend it there.
				</p>
			)}
			<div class="buttons">
				<button type="button" disabled={busy || !isSettled || !faults.ok} onClick={() => take(result, 'save')}>
					Merge and save
				</button>
				<button type="button" class="quiet" disabled={!isSettled} onClick={() => take(result, 'look')}>
					Merge into the form
				</button>
				<button type="button" class="quiet" onClick={drop}>
					Drop my changes
				</button>
			</div>
		</section>
	);
}

interface CollidedProps {
	readonly collision: Collision;
	readonly chosen: Sidedness | undefined;
	readonly choose: (side: Sidedness) => void;
}

function Collided({ collision: { path, base, mine, theirs }, chosen, choose }: CollidedProps) {
	const key = path.join('.');
	return (
		<fieldset class="collision">
			<legend>
				<PlaceName path={path} />
			</legend>
			<p class="hint">
				It was <Value value={base} />.
			</p>
			{(
				[
					['mine', 'Yours', mine],
					['theirs', 'Theirs', theirs],
				] as const
			).map(([side, title, value]) => (
				<label key={side}>
					<input type="radio" name={`collision-${key}`} checked={chosen === side} onChange={() => choose(side)} /> {title}:{' '}
					<Value value={value} />
				</label>
			))}
		</fieldset>
	);
}
