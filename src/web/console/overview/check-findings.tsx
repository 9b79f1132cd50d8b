/** What the last check found and what it could not tell, area by area, the worst first. */
import { AREA_TITLES, type Severity } from '../../../contract/checks/check-grades.ts';
import type { CheckedArea } from '../../../contract/checks/check-results.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { type Status, StatusBadge } from '../components/status-badge.tsx';
import { isCurrent } from './check-summary.ts';

const SEVERITIES = {
	error: { tone: 'bad', text: 'Error', explanation: 'Some clients cannot be set up, or passwords are exposed.' },
	warning: { tone: 'warn', text: 'Warning', explanation: 'It works, but not for all clients or not for long.' },
	advice: { tone: 'plain', text: 'Advice', explanation: 'It could be better.' },
} as const satisfies Record<Severity, Status>;

const UNKNOWNS = {
	unclear: { tone: 'plain', text: 'Not understood', explanation: 'It was seen and not understood.' },
	unlooked: { tone: 'plain', text: 'Not seen', explanation: 'It could not be looked at.' },
} as const satisfies Record<CheckedArea['unknowns'][number]['kind'], Status>;

export interface CheckFindingsProps {
	readonly areas: readonly CheckedArea[];
	/** Unix time in milliseconds. */
	readonly now: number;
}

export function CheckFindings({ areas, now }: CheckFindingsProps) {
	const found = areas.filter(({ findings, unknowns, furtherFindings, furtherUnknowns }) =>
		[findings.length, unknowns.length, furtherFindings, furtherUnknowns].some((count) => count > 0),
	);
	return (
		<div class="stack check-findings">
			{found.map((area) => (
				<AreaFindings key={area.area} area={area} isNow={isCurrent(area, now)} />
			))}
		</div>
	);
}

/** @param isNow whether the result says how things are now: only then is a finding marked as something that is wrong */
function AreaFindings({ area, isNow }: { readonly area: CheckedArea; readonly isNow: boolean }) {
	const { findings, furtherFindings, unknowns, furtherUnknowns } = area;
	const further = [
		...(furtherFindings === 0 ? [] : [`${furtherFindings} further, none of them worse`]),
		...(furtherUnknowns === 0 ? [] : [`${furtherUnknowns} more that are not known`]),
	];
	return (
		<div class="stack">
			<h3>{AREA_TITLES[area.area]}</h3>
			<ul class="stack">
				{findings.map(({ severity, code, place, wanted, found, advice }, at) => (
					<li key={at}>
						<p class="place">
							<StatusBadge status={isNow ? SEVERITIES[severity] : { ...SEVERITIES[severity], tone: 'plain' }} /> <Place text={place} />
						</p>
						<dl>
							<Fact term="Wanted" text={wanted} />
							<Fact term="Found" text={found} />
							<Fact term="To do" text={advice} />
						</dl>
						<p class="hint">
							<code>{code}</code>
						</p>
					</li>
				))}
				{unknowns.map(({ kind, place, reason }, at) => (
					<li key={`${kind} ${at}`}>
						<p class="place">
							<StatusBadge status={UNKNOWNS[kind]} /> <Place text={place} />
						</p>
						<p class="hint">
							<bdi>{reason}</bdi>
						</p>
					</li>
				))}
			</ul>
			{further.length === 0 ? null : <p class="hint">And {further.join(', and ')}: signpost check shows them all.</p>}
		</div>
	);
}

function Place({ text }: { readonly text: string }) {
	return (
		<strong>
			<bdi>
				<DottedName text={text} />
			</bdi>
		</strong>
	);
}

function Fact({ term, text }: { readonly term: string; readonly text: string }) {
	return (
		<div>
			<dt>{term}</dt>
			<dd>
				<bdi>{text}</bdi>
			</dd>
		</div>
	);
}
