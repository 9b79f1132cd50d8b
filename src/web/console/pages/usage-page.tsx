/** How many requests arrive, by protocol, client or outcome. */

import { consolePath } from '../../../contract/console-routes.ts';
import { callApi } from '../api-client.ts';
import { USAGE_NAMES } from '../components/client-names.ts';
import { ScrollBox } from '../components/scroll-box.tsx';
import { QueryNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import { PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { formatStep, UsageChart } from './usage-chart.tsx';
import { computeUsageChart, type UsageChartData, type UsageDimension, type UsageReport } from './usage-series.ts';

const PERIODS = [
	['hour', '24 hours'],
	['day', '30 days'],
] as const;
const DIMENSIONS = [
	['protocol', 'Protocol'],
	['client', 'Client'],
	['outcome', 'Outcome'],
] as const;

/** The most series a chart shows: components/tables.css has this many colours. */
const MAX_SERIES = 7;

export function UsagePage({ query }: { readonly query: URLSearchParams }) {
	const step = query.get('step') === 'day' ? 'day' : 'hour';
	const by: UsageDimension = DIMENSIONS.find(([value]) => value === query.get('by'))?.[0] ?? 'protocol';
	const { result, refetch } = useApiQuery(step, () => callApi('readUsage', { query: { step } }));
	const show = (changed: Readonly<Record<string, string>>) =>
		navigate(`${consolePath('usage')}?${new URLSearchParams({ step, by, ...changed })}`, 'replace');
	return (
		<PageLayout title="Usage">
			<p class="lead">Requests from mail clients, counted by protocol and client family, never by domain or person.</p>
			<div class="filters">
				<RadioGroup legend="Period" name="step" choices={PERIODS} chosen={step} choose={(value) => show({ step: value })} />
				<RadioGroup legend="Group by" name="by" choices={DIMENSIONS} chosen={by} choose={(value) => show({ by: value })} />
			</div>
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? <UsageResult usage={result.value} by={by} /> : null}
		</PageLayout>
	);
}

interface RadioGroupProps {
	readonly legend: string;
	readonly name: string;
	readonly choices: readonly (readonly [string, string])[];
	readonly chosen: string;
	readonly choose: (value: string) => void;
}

function RadioGroup({ legend, name, choices, chosen, choose }: RadioGroupProps) {
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

function UsageResult({ usage, by }: { readonly usage: UsageReport; readonly by: UsageDimension }) {
	const chart = computeUsageChart(usage, by, USAGE_NAMES[by], MAX_SERIES);
	if (chart.total === 0) return <p class="note">No requests in this period.</p>;
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
				<UsageChart chart={chart} step={usage.step} />
			</section>
			<TotalsTable chart={chart} />
			<details class="card pad">
				<summary>All numbers</summary>
				<ScrollBox label="All numbers">
					<StepTable chart={chart} step={usage.step} />
				</ScrollBox>
			</details>
			<p class="hint">
				{usage.source === 'counter' ? 'From the service’s own counter, which may miss a few seconds.' : 'From Analytics Engine.'} Times are
				in UTC.
			</p>
		</>
	);
}

function TotalsTable({ chart: { series, total } }: { readonly chart: UsageChartData }) {
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
								{Math.round((100 * one.total) / total)}%
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function StepTable({ chart: { steps, series }, step }: { readonly chart: UsageChartData; readonly step: UsageReport['step'] }) {
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
						<th scope="row">{formatStep(time, step)}</th>
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
