/** What each mail client would get from the draft, rendered here by the functions that serve it, compared with what it gets now. */
import { useMemo, useState } from 'preact/hooks';
import type { LookupResult } from '../../../model/lookup.ts';
import type { EmailAddress } from '../../../model/names.ts';
import { PROBLEM_DESCRIPTIONS } from '../../../model/problem.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type EndpointPreview, renderPreviews, renderWireResponse } from '../../../protocols/preview.ts';
import { parseClientDocument } from '../../parse-client-document.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { TextDiff } from '../components/text-diff.tsx';
import { LabelledField } from '../form/labelled-field.tsx';
import { groupByClient } from './client-cards.ts';
import { parseServedAddress } from './use-resolved-record.ts';

interface ClientPreviewProps {
	readonly name: RecordName;
	readonly sample: EmailAddress;
	/** The published record, and the record being edited. */
	readonly live: LookupResult;
	readonly draft: LookupResult;
	/** The draft has errors, and the last version without errors is shown. */
	readonly isOutdated: boolean;
}

export function ClientPreview({ name, sample, live, draft, isOutdated }: ClientPreviewProps) {
	const [typed, setTyped] = useState('');
	const [chosen, setChosen] = useState<string | null>('autoconfig');
	const address = typed === '' ? sample : parseServedAddress(name, typed);
	const shownFor = address ?? sample;
	const formats = useMemo(() => {
		const now = Date.now();
		const before = renderPreviews(live, shownFor, now);
		return renderPreviews(draft, shownFor, now).map((format, at) => {
			const is = renderWireResponse(format.response);
			// Where nothing is published every line would be marked as new, which is harder to read than the plain document.
			const was = !live.ok || before[at] === undefined ? is : renderWireResponse(before[at].response);
			return { ...format, was, is, changed: was !== is };
		});
	}, [live, draft, shownFor.text]);
	const shown = formats.find(({ endpoint }) => endpoint === chosen);
	const changed = formats.filter((format) => format.changed).length;
	return (
		<div class="stack">
			<LabelledField
				id="preview-for"
				title="Preview for"
				help={address === null ? '' : describePreview(isOutdated, live.ok, changed, formats.length)}
				problems={{ faults: address === null ? ['This record does not serve that address.'] : [], warnings: [] }}
			>
				{(control) => (
					<input
						{...control}
						value={typed}
						placeholder={sample.text}
						autocomplete="off"
						autocapitalize="none"
						spellcheck={false}
						onInput={(event) => setTyped(event.currentTarget.value)}
					/>
				)}
			</LabelledField>
			<div class="client-cards">
				{groupByClient(formats).map(({ title, apps, previews }) => (
					<ClientCard key={title} title={title} apps={apps} previews={previews} chosen={chosen} choose={setChosen} />
				))}
			</div>
			{shown === undefined ? null : <Document format={shown} />}
		</div>
	);
}

/** Only these are given to the browser's parser: for other text it makes a page of its own, with a style that the policy forbids. */
const XML_TYPE = /xml|apple-aspen-config/;

interface ComparedPreview extends EndpointPreview {
	readonly was: string;
	readonly is: string;
	readonly changed: boolean;
}

interface ClientCardProps {
	readonly title: string;
	readonly apps: string;
	readonly previews: readonly ComparedPreview[];
	/** The endpoint whose document is shown; null where none is. */
	readonly chosen: string | null;
	readonly choose: (endpoint: string | null) => void;
}

function ClientCard({ title, apps, previews, chosen, choose }: ClientCardProps) {
	// The first answer that has servers is what the client sets an account up with.
	const documents = previews.filter((preview) => preview.refused === null && XML_TYPE.test(preview.response.type));
	const servers = documents.map(({ response }) => parseClientDocument(response.body)).find((found) => found.length > 0) ?? [];
	const refused = previews.every((preview) => preview.refused !== null);
	return (
		<section class="client-card" aria-label={title}>
			<h3>
				{title} {previews.some(({ changed }) => changed) ? <span class="badge tone-warn">Changes</span> : null}
			</h3>
			<p class="hint">{apps}</p>
			{servers.length === 0 ? null : (
				<ol class="servers">
					{servers.map(({ kind, host, port, security }) => (
						<li key={`${kind} ${host} ${port}`}>
							{kind.toUpperCase()}{' '}
							<code>
								<DottedName text={`${host}:${port}`} />
							</code>{' '}
							<span class="soft">{security}</span>
						</li>
					))}
				</ol>
			)}
			{refused ? <p class="soft">Nothing: {PROBLEM_DESCRIPTIONS[previews[0]?.refused ?? 'not-offered']}</p> : null}
			<div class="adders">
				{previews.map(({ endpoint, title: format, changed }) => (
					<button
						key={endpoint}
						type="button"
						class="quiet small"
						aria-pressed={chosen === endpoint}
						onClick={() => choose(chosen === endpoint ? null : endpoint)}
					>
						{previews.length === 1 ? 'Document' : `${format}${endpointSuffix(endpoint, previews)}`}
						{changed ? <span class="hidden"> (changed)</span> : null}
					</button>
				))}
			</div>
		</section>
	);
}

/** Tells endpoints of one title apart by their number: they answer to different requests of the same client. */
function endpointSuffix(endpoint: string, previews: readonly ComparedPreview[]): string {
	const title = previews.find((preview) => preview.endpoint === endpoint)?.title;
	const same = previews.filter((preview) => preview.title === title);
	return same.length === 1 ? '' : ` ${same.findIndex((preview) => preview.endpoint === endpoint) + 1}`;
}

function Document({ format: { title, endpoint, asked, refused, was, is } }: { readonly format: ComparedPreview }) {
	return (
		<div class="stack document">
			<p class="asked">
				<code>{asked}</code>
			</p>
			{refused === null ? null : <p class="hint">No settings: {PROBLEM_DESCRIPTIONS[refused]}</p>}
			<TextDiff before={was} after={is} label={`${title}: ${endpoint}`} />
		</div>
	);
}

function describePreview(isOutdated: boolean, isPublished: boolean, changed: number, total: number): string {
	if (isOutdated) return 'Showing the last valid version: the form has errors.';
	if (!isPublished) return 'Not published yet: clients get nothing.';
	return changed === 0 ? 'Same as what clients get now.' : `${changed} of ${total} answers would change.`;
}
