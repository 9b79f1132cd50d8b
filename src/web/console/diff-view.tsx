/** Two texts, line by line: what went and what came, marked by sign and word as well as by colour. */
import { diffLines } from 'diff';
import { Scroll } from './scroll.tsx';

interface Line {
	readonly sign: '+' | '-' | ' ';
	readonly text: string;
}

interface DiffProps {
	readonly before: string;
	readonly after: string;
	readonly label: string;
	/** Lines kept around each change; all of them where it is left out. */
	readonly context?: number;
}

export function Diff({ before, after, label, context }: DiffProps) {
	const lines = linesOf(before, after);
	const shown = context === undefined ? lines : near(lines, context);
	return (
		<Scroll code label={label}>
			{shown.map((line, at) =>
				line === null ? (
					<span key={at} class="line gap">
						⋯
					</span>
				) : (
					<DiffLine key={at} line={line} />
				),
			)}
		</Scroll>
	);
}

function DiffLine({ line: { sign, text } }: { readonly line: Line }) {
	const mark = <span aria-hidden="true">{`${sign} `}</span>;
	if (sign === '+')
		return (
			<ins class="line">
				{mark}
				{text}
			</ins>
		);
	if (sign === '-')
		return (
			<del class="line">
				{mark}
				{text}
			</del>
		);
	return (
		<span class="line">
			{mark}
			{text}
		</span>
	);
}

function linesOf(before: string, after: string): readonly Line[] {
	return diffLines(before, after).flatMap(({ added, removed, value }) =>
		value
			.replace(/\r?\n$/, '')
			.split(/\r?\n/)
			.map((text): Line => ({ sign: added ? '+' : removed ? '-' : ' ', text })),
	);
}

/** The lines near a change; null stands for those left out. */
function near(lines: readonly Line[], context: number): readonly (Line | null)[] {
	const isNear = (at: number) => lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' ');
	const marked = lines.map((line, at) => (isNear(at) ? line : null));
	return marked.filter((line, at) => line !== null || marked[at - 1] !== null);
}
