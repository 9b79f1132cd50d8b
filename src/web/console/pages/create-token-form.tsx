/** What a new token is to be. */
import { useState } from 'preact/hooks';
import { DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS } from '../../../contract/limits.ts';
import { ROLES, type Role } from '../../../contract/roles.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import type { Session } from '../current-session.ts';
import { ErrorNotice } from '../layout/page-layout.tsx';

const ROLE_TITLES = {
	preview: 'preview: look at candidates',
	read: 'read: see records and their history',
	write: 'write: change records',
	admin: 'admin: hand on tokens, too',
} as const satisfies Record<Role, string>;

interface CreateTokenFormProps {
	readonly session: Session;
	readonly onCreated: (token: OperationOutput<'mintToken'>) => void;
}

export function CreateTokenForm({ session, onCreated }: CreateTokenFormProps) {
	const [name, setName] = useState('');
	const [role, setRole] = useState<Role>('write');
	const [domains, setDomains] = useState(session.domains === 'all' ? '' : session.domains.join('\n'));
	const [days, setDays] = useState(String(DEFAULT_TOKEN_DAYS));
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		const list = domains.split(/[\s,]+/).filter((domain) => domain !== '');
		const answered = await callApi('mintToken', { body: { name, role, domains: list, days: Number(days) } });
		setRefusal(answered.ok ? null : answered.error);
		if (answered.ok) onCreated(answered.value);
	};
	return (
		<form class="card pad stack" aria-labelledby="mint" onSubmit={submit}>
			<h2 id="mint">Mint a token</h2>
			<div class="columns">
				<div class="input">
					<label for="token-name">Name</label>
					<input
						id="token-name"
						required
						maxLength={60}
						autocomplete="off"
						aria-describedby="token-name-help"
						placeholder="Alice, or the deploy script"
						value={name}
						onInput={(event) => setName(event.currentTarget.value)}
					/>
					<p class="hint" id="token-name-help">
						The history shows it.
					</p>
				</div>
				<div class="input">
					<label for="token-role">Role</label>
					<select
						id="token-role"
						value={role}
						onChange={(event) => setRole(ROLES.find((known) => known === event.currentTarget.value) ?? role)}
					>
						{ROLES.map((value) => (
							<option key={value} value={value}>
								{ROLE_TITLES[value]}
							</option>
						))}
					</select>
				</div>
				<div class="input">
					<label for="token-domains">Domains, one a line</label>
					<textarea
						id="token-domains"
						required
						rows={3}
						spellcheck={false}
						autocapitalize="none"
						aria-describedby="token-domains-help"
						placeholder="example.org"
						value={domains}
						onInput={(event) => setDomains(event.currentTarget.value)}
					/>
					<p class="hint" id="token-domains-help">
						As they are written: *.example.org is that record, not all below example.org.
					</p>
				</div>
				<div class="input">
					<label for="token-days">Days</label>
					<input
						id="token-days"
						type="number"
						required
						min={1}
						max={MAX_TOKEN_DAYS}
						value={days}
						onInput={(event) => setDays(event.currentTarget.value)}
					/>
				</div>
			</div>
			{refusal === null ? null : <ErrorNotice error={refusal} />}
			<div class="buttons">
				<button type="submit">Mint</button>
			</div>
		</form>
	);
}
