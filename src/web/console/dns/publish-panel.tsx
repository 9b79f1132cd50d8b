/** Publishes the DNS records of a domain, where its zone is one that the service may change: shows the changes first, then makes them. */
import { useState } from 'preact/hooks';
import type { ChangeView, PublicationView, PublishedView } from '../../../contract/publication/publication-views.ts';
import { ZONE_PROVIDER_TITLES, type ZoneProvider } from '../../../contract/publication/zone-providers.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, callApi } from '../api-client.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice } from '../components/status-notices.tsx';

interface PublishPanelProps {
	readonly name: RecordName;
	readonly zone: string;
	readonly provider: ZoneProvider;
	/** Whether there are changes to the record that are not saved: what is published is what was saved. */
	readonly hasDraft: boolean;
	/** Called when the zone was changed. */
	readonly onPublished: () => void;
}

/** What the panel shows below its first sentence. */
type PublishState =
	| { readonly kind: 'start' }
	| { readonly kind: 'busy' }
	| { readonly kind: 'shown'; readonly publication: PublicationView }
	| { readonly kind: 'published'; readonly result: PublishedView }
	| { readonly kind: 'failed'; readonly error: ApiError };

export function PublishPanel({ name, zone, provider, hasDraft, onPublished }: PublishPanelProps) {
	const [state, setState] = useState<PublishState>({ kind: 'start' });
	const look = async () => {
		setState({ kind: 'busy' });
		const response = await callApi('readPublication', { path: { domain: name } });
		setState(response.ok ? { kind: 'shown', publication: response.value } : { kind: 'failed', error: response.error });
	};
	const publish = async (plan: string) => {
		setState({ kind: 'busy' });
		const response = await callApi('publishDns', { path: { domain: name }, body: { plan } });
		setState(response.ok ? { kind: 'published', result: response.value } : { kind: 'failed', error: response.error });
		onPublished();
	};
	return (
		<section class="card pad stack" aria-labelledby="publish" aria-busy={state.kind === 'busy'}>
			<h2 id="publish">Publish</h2>
			<p>
				The service can change the zone <strong class="whole">{zone}</strong> at {ZONE_PROVIDER_TITLES[provider]}. It shows you the changes
				first.
			</p>
			{hasDraft ? <p class="hint">Your unsaved changes are not part of it.</p> : null}
			<div class="stack" role="status">
				{state.kind === 'failed' ? <ErrorNotice error={state.error} /> : null}
				{state.kind === 'shown' ? <PlannedChanges publication={state.publication} /> : null}
				{state.kind === 'published' ? <PublishedChanges result={state.result} /> : null}
			</div>
			<PublishButtons
				state={state}
				look={() => void look()}
				publish={(plan) => void publish(plan)}
				cancel={() => setState({ kind: 'start' })}
			/>
		</section>
	);
}

interface PublishButtonsProps {
	readonly state: PublishState;
	readonly look: () => void;
	readonly publish: (plan: string) => void;
	readonly cancel: () => void;
}

function PublishButtons({ state, look, publish, cancel }: PublishButtonsProps) {
	const publication = state.kind === 'shown' && state.publication.steps.length > 0 ? state.publication : null;
	if (publication === null)
		return (
			<div class="buttons">
				<button type="button" class="quiet" disabled={state.kind === 'busy'} onClick={look}>
					{state.kind === 'start' || state.kind === 'busy' ? 'Show changes' : 'Look again'}
				</button>
			</div>
		);
	return (
		<div class="buttons">
			<button type="button" onClick={() => publish(publication.plan)}>
				Publish
			</button>
			<button type="button" class="quiet" onClick={cancel}>
				Cancel
			</button>
		</div>
	);
}

const CONDITION_TEXTS: Readonly<Record<PublicationView['steps'][number]['condition'], string>> = {
	nothing: 'At once:',
	'policy-served': 'Once the service answers with the MTA-STS policy:',
	'caches-expired': 'Once resolvers have forgotten what stood there before:',
};

function PlannedChanges({ publication: { steps, blocked, unlooked } }: { readonly publication: PublicationView }) {
	return (
		<>
			{steps.length === 0 ? (
				<p>{blocked.length + unlooked.length === 0 ? 'There is nothing to change.' : 'There is nothing that can be changed from here.'}</p>
			) : null}
			{steps.map(({ condition, changes }, at) => (
				<div key={at}>
					<p>{CONDITION_TEXTS[condition]}</p>
					<ChangeLines changes={changes} />
				</div>
			))}
			<Remarks title="Cannot be changed from here:" remarks={blocked} />
			<Remarks title="Could not be looked at:" remarks={unlooked} />
		</>
	);
}

function PublishedChanges({ result: { done, held, failure } }: { readonly result: PublishedView }) {
	const removesRecords = done.some(({ remove, removeIfPresent }) => remove.length + removeIfPresent.length > 0);
	return (
		<>
			{failure === null ? null : (
				<p class="fault">
					{failure.message}. {failure.hint}{' '}
					{failure.unknown ? 'Nobody can tell whether the last change was made: look again.' : 'The zone works as it is now.'}
				</p>
			)}
			{done.length === 0 ? <p>Nothing was changed.</p> : <p>These changes were made. It may take as long as the TTL until all see them.</p>}
			<ChangeLines changes={done} />
			{removesRecords ? (
				<p class="hint">
					To go back, restore the earlier revision of the record and publish that. A record that was not this service’s is put back by hand;
					the audit log keeps each.
				</p>
			) : null}
			{held.map(({ changes, reason, from }) => (
				<div key={reason} class="note">
					<p>
						Not yet: {reason}.{' '}
						{from === null ? (
							'Publish again later.'
						) : (
							<>
								Publish again after <LocalTime at={from} />.
							</>
						)}
					</p>
					<ChangeLines changes={changes} />
				</div>
			))}
		</>
	);
}

function ChangeLines({ changes }: { readonly changes: readonly ChangeView[] }) {
	return (
		<ul class="dns-changes">
			{changes.flatMap(({ name, type, remove, removeIfPresent, add }) => [
				...remove.map(({ data }) => (
					<ChangeLine key={`- ${name} ${type} ${data}`} sign="−" verb="Remove" text={`${name} ${type} ${data}`} />
				)),
				...removeIfPresent.map(({ data }) => (
					<ChangeLine key={`-? ${name} ${type} ${data}`} sign="−" verb="Remove, if it is there," text={`${name} ${type} ${data}`} />
				)),
				...add.map(({ data }) => <ChangeLine key={`+ ${name} ${type} ${data}`} sign="+" verb="Add" text={`${name} ${type} ${data}`} />),
			])}
		</ul>
	);
}

interface ChangeLineProps {
	readonly sign: '+' | '−';
	/** What a screen reader says in place of the sign. */
	readonly verb: string;
	readonly text: string;
}

function ChangeLine({ sign, verb, text }: ChangeLineProps) {
	const content = (
		<>
			<span aria-hidden="true">{`${sign}\u00a0`}</span>
			<span class="hidden">{verb} </span>
			<code>
				<DottedName text={text} />
			</code>
		</>
	);
	return <li>{sign === '+' ? <ins class="line">{content}</ins> : <del class="line">{content}</del>}</li>;
}

function Remarks({ title, remarks }: { readonly title: string; readonly remarks: PublicationView['blocked'] }) {
	if (remarks.length === 0) return null;
	return (
		<div class="hint">
			<p>{title}</p>
			<ul class="plain">
				{remarks.map(({ place, reason }) => (
					<li key={place}>
						<code>{place}</code>: {reason}
					</li>
				))}
			</ul>
		</div>
	);
}
