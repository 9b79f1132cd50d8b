/** What a new token is to be. */
import { useState } from 'preact/hooks';
import { TOKEN_DAYS, TOKEN_DAYS_MOST } from '../../contract/limits.ts';
import { ROLES, type Role } from '../../model/role.ts';
import { type Answer, ask, type Refusal } from './api.ts';
import { Refused } from './page.tsx';
import type { Session } from './session.ts';

const ROLE_TITLES = {
	preview: 'preview: look at candidates',
	read: 'read: see records and their history',
	write: 'write: change records',
	admin: 'admin: hand on tokens, too',
} as const satisfies Record<Role, string>;

interface MintFormProps {
	readonly session: Session;
	readonly minted: (token: Answer<'mintToken'>) => void;
}

export function MintForm({ session, minted }: MintFormProps) {
	const [name, setName] = useState('');
	const [role, setRole] = useState<string>('write');
	const [domains, setDomains] = useState(session.domains === 'all' ? '' : session.domains.join('\n'));
	const [days, setDays] = useState(String(TOKEN_DAYS));
	const [refusal, setRefusal] = useState<Refusal | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		const list = domains.split(/[\s,]+/).filter((domain) => domain !== '');
		const answered = await ask('mintToken', { body: { name, role, domains: list, days: Number(days) } });
		setRefusal(answered.ok ? null : answered.error);
		if (answered.ok) minted(answered.value);
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
					<select id="token-role" value={role} onChange={(event) => setRole(event.currentTarget.value)}>
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
						max={TOKEN_DAYS_MOST}
						value={days}
						onInput={(event) => setDays(event.currentTarget.value)}
					/>
				</div>
			</div>
			{refusal === null ? null : <Refused refusal={refusal} />}
			<div class="buttons">
				<button type="submit">Mint</button>
			</div>
		</form>
	);
}
