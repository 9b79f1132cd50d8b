/** How much is asked, through which protocol, by which clients. */

import { pathOf } from '../../contract/console-pages.ts';
import { ask } from './api.ts';
import { useLoad } from './load.ts';
import { Page, Refused, Waiting } from './page.tsx';
import { go } from './place.ts';
import { Scroll } from './scroll.tsx';
import { label, UsageChart } from './usage-chart.tsx';
import { type By, type Chart, chartOf, type Usage } from './usage-series.ts';

const STEPS = [
	['hour', '24 hours'],
	['day', '30 days'],
] as const;
const BYS = [
	['protocol', 'Protocol'],
	['client', 'Client'],
	['outcome', 'Outcome'],
] as const;

/** As many as the style sheet has colours. */
const SERIES = 7;

export function UsagePage({ query }: { readonly query: URLSearchParams }) {
	const step = query.get('step') === 'day' ? 'day' : 'hour';
	const by: By = BYS.find(([value]) => value === query.get('by'))?.[0] ?? 'protocol';
	const { result, again } = useLoad(step, () => ask('readUsage', { query: { step } }));
	const show = (changed: Readonly<Record<string, string>>) =>
		go(`${pathOf('usage')}?${new URLSearchParams({ step, by, ...changed })}`, 'replace');
	return (
		<Page title="Usage">
			<p class="lead">What mail clients asked. Counted by protocol and by family of client; never by domain or by person.</p>
			<div class="filters">
				<Choices legend="Time" name="step" choices={STEPS} chosen={step} choose={(value) => show({ step: value })} />
				<Choices legend="By" name="by" choices={BYS} chosen={by} choose={(value) => show({ by: value })} />
			</div>
			{result === null ? <Waiting /> : result.ok ? null : <Refused refusal={result.error} again={again} />}
			{result?.ok ? <Shown usage={result.value} by={by} /> : null}
		</Page>
	);
}

interface ChoicesProps {
	readonly legend: string;
	readonly name: string;
	readonly choices: readonly (readonly [string, string])[];
	readonly chosen: string;
	readonly choose: (value: string) => void;
}

function Choices({ legend, name, choices, chosen, choose }: ChoicesProps) {
	return (
		<fieldset class="panes">
			<legend>{legend}</legend>
			{choices.map(([value, text]) => (
				<label key={value}>
					<input type="radio" name={name} checked={chosen === value} onChange={() => choose(value)} />
					{text}
				</label>
			))}
		</fieldset>
	);
}

function Shown({ usage, by }: { readonly usage: Usage; readonly by: By }) {
	const chart = chartOf(usage, by, SERIES);
	if (chart.total === 0) return <p class="note">Nobody has asked for anything in this time.</p>;
	return (
		<>
			<section class="card pad stack" aria-label="Chart">
				<ul class="legend">
					{chart.series.map(({ name }, at) => (
						<li key={name}>
							<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
								<rect class={`series-${at}`} width="10" height="10" rx="2" />
							</svg>
							{name}
						</li>
					))}
				</ul>
				<Scroll label="Requests over time">
					<UsageChart chart={chart} step={usage.step} />
				</Scroll>
			</section>
			<Totals chart={chart} />
			<details class="card pad">
				<summary>Every number</summary>
				<Scroll label="Every number">
					<Numbers chart={chart} step={usage.step} />
				</Scroll>
			</details>
			<p class="hint">
				{usage.source === 'counter' ? 'From the service’s own counter, which may lose some seconds.' : 'From Analytics Engine.'} Times are
				in UTC.
			</p>
		</>
	);
}

function Totals({ chart: { series, total } }: { readonly chart: Chart }) {
	return (
		<div class="card list">
			<table>
				<caption class="hidden">Totals</caption>
				<thead>
					<tr>
						<th scope="col">Name</th>
						<th scope="col" class="number">
							Requests
						</th>
						<th scope="col" class="number">
							Share
						</th>
					</tr>
				</thead>
				<tbody>
					{series.map((one) => (
						<tr key={one.name}>
							<th scope="row">{one.name}</th>
							<td class="number" data-of="Requests">
								{one.total.toLocaleString('en')}
							</td>
							<td class="number" data-of="Share">
								{Math.round((100 * one.total) / total)} %
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Numbers({ chart: { steps, series }, step }: { readonly chart: Chart; readonly step: Usage['step'] }) {
	return (
		<table class="numbers">
			<thead>
				<tr>
					<th scope="col">{step === 'hour' ? 'Hour' : 'Day'}</th>
					{series.map(({ name }) => (
						<th key={name} scope="col" class="number">
							{name}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{steps.map((time, at) => (
					<tr key={time}>
						<th scope="row">{label(time, step)}</th>
						{series.map(({ name, counts }) => (
							<td key={name} class="number">
								{counts[at] ?? 0}
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
