/** Imports records from files: an export of this service, a seed of automx2, or another program’s configuration. Nothing is stored before it has been previewed. */
import { useState } from 'preact/hooks';
import * as v from 'valibot';
import { Automx2SeedBody } from '../../../contract/bodies.ts';
import { toRecordFault } from '../../../model/record.ts';
import { type ApiError, callApi } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { LabelledField } from '../form/labelled-field.tsx';
import { useNewestCall } from '../newest-call.ts';
import { readChosenFile } from './read-chosen-file.ts';
import { RecordsImport } from './records-import.tsx';

const FORMATS = {
	export: {
		title: 'Export file',
		accept: '.ndjson,.jsonl,.json,application/x-ndjson',
		help: 'One JSON object on each line, as an export has them.',
	},
	automx2: {
		title: 'automx2 seed',
		accept: '.json,application/json',
		help: 'The JSON of version 2 that automx2 is filled with. Passwords in it are not kept.',
	},
} as const;

interface LoadedFile {
	readonly lines: readonly string[];
	/** What the source says and a record cannot hold. */
	readonly lost: readonly string[];
}

export function FileImport({ format }: { readonly format: keyof typeof FORMATS }) {
	const { title, accept, help } = FORMATS[format];
	const [loaded, setLoaded] = useState<LoadedFile | null>(null);
	const [fault, setFault] = useState('');
	const [error, setError] = useState<ApiError | null>(null);
	const begin = useNewestCall();
	const load = async (file: File | undefined) => {
		const isNewest = begin();
		setLoaded(null);
		setError(null);
		setFault('');
		if (file === undefined) return;
		const read = await readChosenFile(file);
		if (!isNewest()) return;
		if (!read.ok) return setFault(read.error);
		const { text } = read.value;
		if (read.value.fault !== null) return setFault('The file has bytes that are not UTF-8, which JSON is in. Save it as UTF-8.');
		if (format === 'export') {
			const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{"next":'));
			setLoaded({ lines, lost: [] });
			return;
		}
		const seed = v.safeParse(Automx2SeedBody, parseJson(text));
		if (!seed.success) {
			const { path, reason } = toRecordFault(seed.issues[0]);
			return setFault(`The file is no seed of automx2: ${path === '' ? 'it' : path} ${reason}.`);
		}
		const response = await callApi('importAutomx2', { body: seed.output });
		if (!isNewest()) return;
		if (!response.ok) return setError(response.error);
		const { records, lost } = response.value;
		setLoaded({ lines: records.map(({ domain, record }) => JSON.stringify({ domain, record })), lost });
	};
	return (
		<>
			<div class="card pad stack">
				<LabelledField id="bulk-file" title={title} help={help} problems={{ faults: fault === '' ? [] : [fault], warnings: [] }}>
					{(control) => <input {...control} type="file" accept={accept} onChange={(event) => void load(event.currentTarget.files?.[0])} />}
				</LabelledField>
			</div>
			{error === null ? null : <ErrorNotice error={error} />}
			{loaded === null || loaded.lost.length === 0 ? null : (
				<section class="warn stack" aria-labelledby="lost">
					<h2 id="lost">Not imported</h2>
					<ul class="plain">
						{loaded.lost.map((sentence) => (
							<li key={sentence}>{sentence}</li>
						))}
					</ul>
				</section>
			)}
			{loaded === null ? null : <RecordsImport lines={loaded.lines} />}
		</>
	);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
