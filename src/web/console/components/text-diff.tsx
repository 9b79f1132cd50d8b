/** The difference of two texts, line by line. Removed and added lines are marked by sign and element as well as by colour. */
import { diffLines } from 'diff';
import { ScrollBox } from './scroll-box.tsx';

interface DiffLine {
	readonly sign: '+' | '-' | ' ';
	readonly text: string;
}

interface TextDiffProps {
	readonly before: string;
	readonly after: string;
	readonly label: string;
	/** How many unchanged lines to show around each change. Left out, all lines are shown. */
	readonly context?: number;
}

export function TextDiff({ before, after, label, context }: TextDiffProps) {
	const lines = diffTexts(before, after);
	const shown = context === undefined ? lines : linesNearChanges(lines, context);
	return (
		<ScrollBox code label={label}>
			{shown.map((line, at) =>
				line === null ? (
					<span key={at} class="line gap">
						⋯
					</span>
				) : (
					<DiffLineView key={at} line={line} />
				),
			)}
		</ScrollBox>
	);
}

function DiffLineView({ line: { sign, text } }: { readonly line: DiffLine }) {
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

function diffTexts(before: string, after: string): readonly DiffLine[] {
	return diffLines(before, after).flatMap(({ added, removed, value }) =>
		value
			.replace(/\r?\n$/, '')
			.split(/\r?\n/)
			.map((text): DiffLine => ({ sign: added ? '+' : removed ? '-' : ' ', text })),
	);
}

/** The lines near a change; null stands for a run of lines that are left out. */
function linesNearChanges(lines: readonly DiffLine[], context: number): readonly (DiffLine | null)[] {
	const isNear = (at: number) => lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' ');
	const marked = lines.map((line, at) => (isNear(at) ? line : null));
	return marked.filter((line, at) => line !== null || marked[at - 1] !== null);
}
