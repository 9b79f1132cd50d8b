/** The form that creates an access token. */
import { useState } from 'preact/hooks';
import { DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS } from '../../../contract/limits.ts';
import { ROLES, type Role } from '../../../contract/roles.ts';
import { ACCESS_TAG_PREFIX } from '../../../contract/tokens/access-tags.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { ownTagOf, type Session } from '../current-session.ts';
import { LabelledField } from '../form/labelled-field.tsx';

/** Each role with what it adds to the one before. */
const ROLE_TITLES = {
	preview: 'preview: preview unsaved records',
	read: 'read: see records and their history',
	write: 'write: change records',
	admin: 'admin: create tokens, too',
} as const satisfies Record<Role, string>;

interface CreateTokenFormProps {
	readonly session: Session;
	readonly onCreated: (token: OperationOutput<'mintToken'>) => void;
}

export function CreateTokenForm({ session, onCreated }: CreateTokenFormProps) {
	const [name, setName] = useState('');
	const [role, setRole] = useState<Role>('write');
	const [domains, setDomains] = useState(session.domains === 'all' ? '' : session.domains.join('\n'));
	const ownTag = ownTagOf(session);
	const [byTag, setByTag] = useState(ownTag !== null);
	const [tag, setTag] = useState(ownTag ?? '');
	const mayUseTag = session.domains === 'all' || ownTag !== null;
	const [days, setDays] = useState(String(DEFAULT_TOKEN_DAYS));
	const [error, setError] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		const list = domains.split(/[\s,]+/).filter((domain) => domain !== '');
		const reach = byTag ? { tag: tag.trim() } : { domains: list };
		const response = await callApi('mintToken', { body: { name, role, ...reach, days: Number(days) } });
		setError(response.ok ? null : response.error);
		if (response.ok) onCreated(response.value);
	};
	return (
		<form class="card pad stack" aria-labelledby="create-token" onSubmit={submit}>
			<h2 id="create-token">Create a token</h2>
			<div class="token-fields">
				<LabelledField id="token-name" title="Name" help="Shown in the history.">
					{(control) => (
						<input
							{...control}
							required
							maxLength={60}
							autocomplete="off"
							placeholder="Alice, or the deploy script"
							value={name}
							onInput={(event) => setName(event.currentTarget.value)}
						/>
					)}
				</LabelledField>
				<LabelledField id="token-role" title="Role">
					{(control) => (
						<select
							{...control}
							value={role}
							onChange={(event) => setRole(ROLES.find((known) => known === event.currentTarget.value) ?? role)}
						>
							{ROLES.map((value) => (
								<option key={value} value={value}>
									{ROLE_TITLES[value]}
								</option>
							))}
						</select>
					)}
				</LabelledField>
				<LabelledField id="token-days" title="Valid for (days)">
					{(control) => (
						<input
							{...control}
							type="number"
							required
							min={1}
							max={MAX_TOKEN_DAYS}
							value={days}
							onInput={(event) => setDays(event.currentTarget.value)}
						/>
					)}
				</LabelledField>
				{mayUseTag ? (
					<LabelledField id="token-reach" title="For">
						{(control) => (
							<select {...control} value={byTag ? 'tag' : 'domains'} onChange={(event) => setByTag(event.currentTarget.value === 'tag')}>
								<option value="domains">the domains I list</option>
								<option value="tag">all domains with a tag</option>
							</select>
						)}
					</LabelledField>
				) : null}
				{byTag ? (
					<LabelledField
						id="token-tag"
						title="Tag"
						help={`Begins with “${ACCESS_TAG_PREFIX}”. Only the operator adds such a tag to a domain or removes it. Domains that get it later count too.`}
					>
						{(control) => (
							<input
								{...control}
								required
								autocomplete="off"
								autocapitalize="none"
								spellcheck={false}
								placeholder={`${ACCESS_TAG_PREFIX}sales`}
								value={tag}
								onInput={(event) => setTag(event.currentTarget.value)}
							/>
						)}
					</LabelledField>
				) : (
					<LabelledField
						id="token-domains"
						title="Domains, one per line"
						help="Record names, matched exactly: *.example.org means that one record, not every domain below example.org."
					>
						{(control) => (
							<textarea
								{...control}
								required
								rows={3}
								spellcheck={false}
								autocapitalize="none"
								placeholder="example.org"
								value={domains}
								onInput={(event) => setDomains(event.currentTarget.value)}
							/>
						)}
					</LabelledField>
				)}
			</div>
			{error === null ? null : <ErrorNotice error={error} />}
			<div class="buttons">
				<button type="submit">Create token</button>
			</div>
		</form>
	);
}
