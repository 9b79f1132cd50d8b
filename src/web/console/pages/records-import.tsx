/** Imports many records: says first what would happen to each, and then does it. */
import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { MAX_LINES_PER_REQUEST } from '../../../contract/limits.ts';
import { type ApiError, callApiLines, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';

type ImportLine = OperationOutput<'importRecords'>;
type RecordLine = Extract<ImportLine, { readonly line: number }>;

interface ImportSummary {
	readonly mode: 'preview' | 'store';
	/** Lines that were answered for. */
	readonly answered: number;
	readonly counts: ReadonlyMap<RecordLine['result'], number>;
	readonly refused: readonly RecordLine[];
}

/** Refused records that are listed; the others are counted. */
const MOST_REFUSED = 50;

const RESULT_TEXTS = {
	created: ['would be created', 'were created'],
	changed: ['would be changed', 'were changed'],
	unchanged: ['are the same already', 'are the same already'],
	refused: ['would be refused', 'were refused'],
	ignored: ['are no records', 'were no records'],
} as const satisfies Record<RecordLine['result'], readonly [dry: string, done: string]>;

/** @param lines records as an export has them, one JSON object on each line. For other lines it has to be mounted anew: its preview is of these. */
export function RecordsImport({ lines }: { readonly lines: readonly string[] }) {
	const [replace, setReplace] = useState(false);
	const [busy, setBusy] = useState(false);
	const [summary, setSummary] = useState<ImportSummary | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const run = async (mode: ImportSummary['mode']) => {
		setBusy(true);
		setError(null);
		const counts = new Map<RecordLine['result'], number>();
		const refused: RecordLine[] = [];
		const each = (line: ImportLine) => {
			if (!('line' in line)) return;
			counts.set(line.result, (counts.get(line.result) ?? 0) + 1);
			if (line.result === 'refused') refused.push(line);
		};
		let failure: ApiError | null = null;
		for (let at = 0; at < lines.length && failure === null; at += MAX_LINES_PER_REQUEST) {
			const body = lines.slice(at, at + MAX_LINES_PER_REQUEST).join('\n');
			const query = { dry: mode === 'preview', existing: replace ? 'replace' : 'keep' };
			const response = await callApiLines('importRecords', { query, body }, each);
			if (!response.ok) failure = response.error;
		}
		setBusy(false);
		setError(failure);
		setSummary({ mode, answered: [...counts.values()].reduce((sum, count) => sum + count, 0), counts, refused });
	};
	// Without an answer for each line, what an import would do is not known.
	const isPreviewed = summary?.mode === 'preview' && error === null && summary.answered === lines.length;
	const isStored = summary?.mode === 'store' && error === null && summary.answered === lines.length;
	return (
		<section class="card pad stack" aria-labelledby="bulk-import">
			<h2 id="bulk-import">
				{lines.length.toLocaleString('en')} {lines.length === 1 ? 'record' : 'records'}
			</h2>
			<label class="switch">
				<input
					type="checkbox"
					checked={replace}
					disabled={busy}
					onChange={(event) => {
						setReplace(event.currentTarget.checked);
						setSummary(null);
						setError(null);
					}}
				/>
				Replace records that are there already
			</label>
			{summary === null ? null : (
				<div role="status">
					<ul class="plain">
						{[...summary.counts].map(([result, count]) => (
							<li key={result}>
								{count.toLocaleString('en')} {RESULT_TEXTS[result][summary.mode === 'preview' ? 0 : 1]}
							</li>
						))}
					</ul>
				</div>
			)}
			{summary === null || summary.refused.length === 0 ? null : (
				<details>
					<summary>Refused</summary>
					<ul class="plain">
						{summary.refused.slice(0, MOST_REFUSED).map(({ line, domain, problem }) => (
							<li key={line}>
								{domain ?? `Line ${line}`}: {problem?.errors?.map(({ path, reason }) => `${path} ${reason}`).join('; ') ?? problem?.title}
							</li>
						))}
					</ul>
				</details>
			)}
			{error === null ? null : <ErrorNotice error={error} />}
			{summary === null || summary.answered === lines.length ? null : (
				<p class="warn" role="alert">
					{(lines.length - summary.answered).toLocaleString('en')} of {lines.length.toLocaleString('en')}{' '}
					{summary.mode === 'preview' ? 'were not looked at.' : 'were not answered for: whether they were imported is not known.'}
				</p>
			)}
			<div class="buttons">
				{isStored ? (
					<a class="button" href={consolePath('domains')}>
						All domains
					</a>
				) : (
					<>
						<button type="button" class={isPreviewed ? 'quiet' : undefined} disabled={busy} onClick={() => void run('preview')}>
							Preview
						</button>
						{isPreviewed ? (
							<button type="button" disabled={busy} onClick={() => void run('store')}>
								Import
							</button>
						) : null}
					</>
				)}
			</div>
		</section>
	);
}
