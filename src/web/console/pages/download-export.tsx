/** A file of all records, as an import takes it; and for operators a backup, with histories and tokens. */
import { useState } from 'preact/hooks';
import { type ApiError, callApiLines, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import type { Session } from '../current-session.ts';

export function DownloadExport({ session }: { readonly session: Session }) {
	const [count, setCount] = useState<number | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const download = async () => {
		setError(null);
		setCount(0);
		const lines: string[] = [];
		let failure: ApiError | null = null;
		for (let after: string | null = ''; after !== null && failure === null; ) {
			let next: string | null = null;
			const each = (line: OperationOutput<'exportRecords'>) => {
				if ('next' in line) next = line.next;
				else lines.push(JSON.stringify(line));
			};
			const response: Awaited<ReturnType<typeof callApiLines>> = await callApiLines('exportRecords', { query: { after } }, each);
			if (!response.ok) failure = response.error;
			setCount(lines.length);
			after = next;
		}
		setCount(null);
		setError(failure);
		// A file that lacks records looks like one that has them all.
		if (failure === null) saveFile(`signpost-${new Date().toISOString().slice(0, 10)}.ndjson`, `${lines.join('\n')}\n`);
	};
	return (
		<section class="stack" aria-labelledby="download">
			<h2 id="download">Export</h2>
			<p class="hint">
				A file with every record that you may read, one on each line.
				{session.domains === 'all' ? ' For histories, tokens and the audit log too: signpost backup FILE.' : ''}
			</p>
			{error === null ? null : <ErrorNotice error={error} />}
			<div class="buttons">
				<button type="button" class="quiet" disabled={count !== null} onClick={() => void download()}>
					{count === null ? 'Download all records' : `${count.toLocaleString('en')} records…`}
				</button>
			</div>
		</section>
	);
}

function saveFile(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The URL must live until the browser has started the download.
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
