/** Requests over time, as stacked bars. The table below it says the same in numbers. */
import { type Chart, scaleTop, type Usage } from './usage-series.ts';

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 48;
const FOOT = 24;

export function UsageChart({ chart: { steps, series, highest }, step }: { readonly chart: Chart; readonly step: Usage['step'] }) {
	const top = scaleTop(highest);
	const plot = { width: WIDTH - LEFT, height: HEIGHT - FOOT - 8 };
	const y = (count: number) => 8 + plot.height * (1 - count / top);
	const slot = plot.width / Math.max(1, steps.length);
	const every = Math.ceil(steps.length / 8);
	return (
		<svg
			class="chart"
			viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
			role="img"
			aria-label="Requests over time; the table below says the same in numbers"
		>
			{[0, top / 2, top].map((count) => (
				<g key={count}>
					<line class="grid" x1={LEFT} x2={WIDTH} y1={y(count)} y2={y(count)} />
					<text class="tick" x={LEFT - 8} y={y(count) + 4} text-anchor="end">
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
								x={LEFT + at * slot + slot * 0.12}
								width={slot * 0.76}
								y={y(below + count)}
								height={y(below) - y(below + count)}
							>
								<title>{`${label(time, step)}, ${name}: ${count.toLocaleString('en')}`}</title>
							</rect>
						);
					})}
					{at % every === 0 ? (
						<text class="tick" x={LEFT + at * slot + slot / 2} y={HEIGHT - 6} text-anchor="middle">
							{label(time, step)}
						</text>
					) : null}
				</g>
			))}
		</svg>
	);
}

/** In UTC, as the numbers are counted. */
export function label(time: number, step: Usage['step']): string {
	const date = new Date(time);
	return step === 'hour'
		? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
		: date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
