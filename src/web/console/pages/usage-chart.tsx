/** Requests over time as stacked bars. The page gives the same numbers in a table below it. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { axisMaximum, type UsageChartData, type UsageReport } from './usage-series.ts';

/** The width of the drawing, in units of its own, and how many times are written below it: a phone has room for half. */
const WIDE = { width: 720, labels: 8 };
const NARROW = { width: 360, labels: 4 };
const HEIGHT = 240;
const AXIS_WIDTH = 48;
const AXIS_HEIGHT = 24;

export function UsageChart({
	chart: { steps, series, maximum },
	step,
}: {
	readonly chart: UsageChartData;
	readonly step: UsageReport['step'];
}) {
	const { width, labels } = useIsNarrow() ? NARROW : WIDE;
	const top = axisMaximum(maximum);
	const plot = { width: width - AXIS_WIDTH, height: HEIGHT - AXIS_HEIGHT - 8 };
	const y = (count: number) => 8 + plot.height * (1 - count / top);
	const slot = plot.width / Math.max(1, steps.length);
	const every = Math.ceil(steps.length / labels);
	return (
		<svg class="chart" viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label="Requests over time; the table below gives the numbers">
			{[0, top / 2, top].map((count) => (
				<g key={count}>
					<line class="grid" x1={AXIS_WIDTH} x2={width} y1={y(count)} y2={y(count)} />
					<text class="tick" x={AXIS_WIDTH - 8} y={y(count) + 4} text-anchor="end">
						{count.toLocaleString('en')}
					</text>
				</g>
			))}
			{steps.map((time, at) => (
				<g key={time}>
					{series.map(({ name, counts }, index) => {
						const count = counts[at] ?? 0;
						const below = series.slice(0, index).reduce((sum, other) => sum + (other.counts[at] ?? 0), 0);
						return count === 0 ? null : (
							<rect
								key={name}
								class={`series-${index}`}
								x={AXIS_WIDTH + at * slot + slot * 0.12}
								width={slot * 0.76}
								y={y(below + count)}
								height={y(below) - y(below + count)}
							>
								<title>{`${formatStep(time, step)}, ${name}: ${count.toLocaleString('en')}`}</title>
							</rect>
						);
					})}
					{at % every === 0 ? (
						<text class="tick" x={AXIS_WIDTH + at * slot + slot / 2} y={HEIGHT - 6} text-anchor="middle">
							{formatStep(time, step)}
						</text>
					) : null}
				</g>
			))}
		</svg>
	);
}

/** Whether the window is as narrow as a phone's, now and after it was turned or resized. */
function useIsNarrow(): boolean {
	const [query] = useState(() => matchMedia('(max-width: 30rem)'));
	const [isNarrow, setNarrow] = useState(query.matches);
	useLayoutEffect(() => {
		const update = () => setNarrow(query.matches);
		query.addEventListener('change', update);
		return () => query.removeEventListener('change', update);
	}, [query]);
	return isNarrow;
}

/** The label of one hour or day, in UTC, because the service counts in UTC. */
export function formatStep(time: number, step: UsageReport['step']): string {
	const date = new Date(time);
	return step === 'hour'
		? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
		: date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
