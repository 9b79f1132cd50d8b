/** What `signpost check` found last: a grade for each area, and what is behind it. The service itself looks at no mail server. */
import { useRef, useState } from 'preact/hooks';
import { AREA_TITLES, GRADES, NO_GRADE_MARK, NO_GRADE_RULE } from '../../../contract/checks/check-grades.ts';
import type { CheckedArea, DomainCheckView } from '../../../contract/checks/check-results.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { ActorName } from '../components/actor-name.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { lazy } from '../components/lazy.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { QueryNotice } from '../components/status-notices.tsx';
import type { ApiQuery } from '../use-api-query.ts';
import type { CheckFindingsProps } from './check-findings.tsx';
import { ageInDays, describeAreaCounts, describeNoGrade, gradeTone, isCurrent, isOld, missingAreas } from './check-summary.ts';

/** The id of the heading, to which the tasks lead. */
export const CHECK_CARD_ID = 'check';

const lazyFindings = lazy<CheckFindingsProps>(() => import('./check-findings.tsx').then((module) => module.CheckFindings));

interface CheckCardProps {
	readonly name: RecordName;
	readonly check: ApiQuery<DomainCheckView | null>;
	/** Unix time in milliseconds. */
	readonly now: number;
}

export function CheckCard({ name, check: { result, refetch }, now }: CheckCardProps) {
	const view = result?.ok ? result.value : null;
	return (
		<section class="card pad stack tall" aria-labelledby={CHECK_CARD_ID}>
			<h2 id={CHECK_CARD_ID}>Check</h2>
			<QueryNotice result={result} refetch={refetch} />
			{view === null ? null : view.areas.length === 0 ? (
				<p class="soft">
					No check was sent yet. The service looks at no mail server by itself; this command does, and sends what it finds:
				</p>
			) : (
				<CheckedAreas view={view} now={now} />
			)}
			{view === null ? null : <CheckCommand name={name} view={view} now={now} />}
		</section>
	);
}

function CheckedAreas({ view, now }: { readonly view: DomainCheckView; readonly now: number }) {
	const { overall, areas } = view;
	const noGrade = describeNoGrade(view);
	const oldest = Math.max(...areas.map((area) => ageInDays(area, now)));
	const sender = ({ at, by, kind }: CheckedArea) => `${at} ${by} ${kind}`;
	const [first] = areas;
	const isSentAtOnce = first !== undefined && areas.every((area) => sender(area) === sender(first));
	return (
		<>
			<p class="figure">
				<span class={`grade tone-${gradeTone(overall, areas, now)}`}>{overall ?? NO_GRADE_MARK}</span>{' '}
				<span class="soft">
					{overall === null ? 'no overall grade' : 'overall'}
					{areas.some((area) => isOld(area, now)) ? `, ${oldest} days ago` : ''}
				</span>
			</p>
			{noGrade === null ? null : <p class="hint">{noGrade}</p>}
			<ul class="checked-areas">
				{areas.map((area) => (
					<li key={area.area}>
						<StatusBadge
							status={{
								tone: gradeTone(area.grade, [area], now),
								text: area.grade ?? NO_GRADE_MARK,
								explanation: area.grade === null ? NO_GRADE_RULE : GRADES[area.grade],
							}}
						/>
						<div>
							<strong>{AREA_TITLES[area.area]}</strong> <span class="hint">{describeAreaCounts(area)}</span>
							{isSentAtOnce ? null : <SentBy area={area} now={now} />}
							{area.isCurrentRecord ? null : <p class="hint">Checked another record than the one saved now.</p>}
						</div>
					</li>
				))}
				{missingAreas(view).map((area) => (
					<li key={area}>
						<StatusBadge status={{ tone: 'plain', text: NO_GRADE_MARK, explanation: 'No result of this area was ever sent.' }} />
						<div>
							<strong>{AREA_TITLES[area]}</strong> <span class="hint">never sent</span>
						</div>
					</li>
				))}
			</ul>
			{isSentAtOnce ? <SentBy area={first} now={now} /> : null}
			<FindingsToOpen areas={areas} now={now} />
		</>
	);
}

function SentBy({ area, now }: { readonly area: CheckedArea; readonly now: number }) {
	return (
		<p class="hint">
			Sent <LocalTime at={area.at} />
			{isOld(area, now) ? ` (${ageInDays(area, now)} days ago)` : ''} by <ActorName who={area.by} kind={area.kind} token={null} />
		</p>
	);
}

/** The findings, whose code is loaded when somebody wants to see them. */
function FindingsToOpen({ areas, now }: { readonly areas: readonly CheckedArea[]; readonly now: number }) {
	const [isOpen, setOpen] = useState(false);
	const findings = areas.reduce((sum, area) => sum + area.findings.length + area.furtherFindings, 0);
	const unknowns = areas.reduce((sum, area) => sum + area.unknowns.length + area.furtherUnknowns, 0);
	if (findings + unknowns === 0) return null;
	const parts = [...(findings === 0 ? [] : [`Findings: ${findings}`]), ...(unknowns === 0 ? [] : [`not known: ${unknowns}`])].join(', ');
	return (
		<details onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{parts.charAt(0).toUpperCase() + parts.slice(1)}</summary>
			{isOpen ? <lazyFindings.Component areas={areas} now={now} /> : null}
		</details>
	);
}

/** The command that sends a result: where there is none of an area, or one that says nothing about now. */
function CheckCommand({ name, view, now }: { readonly name: RecordName; readonly view: DomainCheckView; readonly now: number }) {
	const command = useRef<HTMLElement>(null);
	if (missingAreas(view).length === 0 && view.areas.every((area) => isCurrent(area, now))) return null;
	return (
		<>
			{view.areas.length === 0 ? null : <p class="hint">To check again:</p>}
			<p>
				<code ref={command} dir="ltr">
					signpost check {name} --api {location.origin} --send
				</code>
			</p>
			<p class="buttons">
				<CopyButton target={command} description="the command" />
			</p>
		</>
	);
}
