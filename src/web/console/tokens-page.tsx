/** Tokens: minted, shown once, listed, taken back. */
import { useState } from 'preact/hooks';
import { type Answer, ask, type Refusal } from './api.ts';
import { useLoad } from './load.ts';
import { MintForm } from './mint-form.tsx';
import { Minted } from './minted.tsx';
import { Page, Refused, Time, Waiting } from './page.tsx';
import type { Session } from './session.ts';

type Token = Answer<'listTokens'>['tokens'][number];

export function TokensPage({ session }: { readonly session: Session }) {
	const [minted, setMinted] = useState<Answer<'mintToken'> | null>(null);
	const [after, setAfter] = useState('');
	const { result, again } = useLoad(after, () => ask('listTokens', { query: { after, limit: 50 } }));
	return (
		<Page title="Tokens">
			<p class="lead">A token lets a person or a program work on the domains it names, and on no others.</p>
			{minted === null ? (
				<MintForm
					session={session}
					minted={(token) => {
						setMinted(token);
						again();
					}}
				/>
			) : (
				<Minted minted={minted} done={() => setMinted(null)} />
			)}
			{result === null ? <Waiting /> : !result.ok ? <Refused refusal={result.error} again={again} /> : null}
			{result?.ok ? <List tokens={result.value.tokens} again={again} /> : null}
			{result?.ok && result.value.next !== null ? (
				<button type="button" class="quiet" onClick={() => setAfter(result.value.next ?? '')}>
					More
				</button>
			) : null}
		</Page>
	);
}

function List({ tokens, again }: { readonly tokens: readonly Token[]; readonly again: () => void }) {
	if (tokens.length === 0) return <p class="note">No token has been minted yet.</p>;
	return (
		<div class="card list">
			<table>
				<caption>Tokens that were minted</caption>
				<thead>
					<tr>
						<th scope="col">Name</th>
						<th scope="col">Role</th>
						<th scope="col">Domains</th>
						<th scope="col">Until</th>
						<th scope="col">
							<span class="hidden">Actions</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{tokens.map((token) => (
						<Row key={token.id} token={token} again={again} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function Row({ token, again }: { readonly token: Token; readonly again: () => void }) {
	const { id, name, role, domains, expiresAt, revokedAt, createdBy } = token;
	const over = revokedAt !== null || Date.parse(expiresAt) < Date.now();
	return (
		<tr class={over ? 'over' : undefined}>
			<th scope="row">
				{name}
				<span class="hint block">by {createdBy}</span>
			</th>
			<td data-of="Role">{role}</td>
			<td data-of="Domains">
				{domains.slice(0, 3).join(', ')}
				{domains.length > 3 ? ` and ${domains.length - 3} more` : ''}
			</td>
			<td data-of="Until">
				{revokedAt === null ? (
					<Time at={expiresAt} />
				) : (
					<>
						revoked <Time at={revokedAt} />
					</>
				)}
			</td>
			<td>{over ? null : <Revoke id={id} name={name} again={again} />}</td>
		</tr>
	);
}

/** Asked twice: what the token does stops at once, and so does what it has handed on. */
function Revoke({ id, name, again }: { readonly id: string; readonly name: string; readonly again: () => void }) {
	const [sure, setSure] = useState(false);
	const [refusal, setRefusal] = useState<Refusal | null>(null);
	const revoke = async () => {
		const answered = await ask('revokeToken', { path: { token: id } });
		if (answered.ok) again();
		else setRefusal(answered.error);
	};
	if (refusal !== null) return <Refused refusal={refusal} again={() => void revoke()} />;
	return (
		<button
			type="button"
			class={sure ? 'danger small' : 'quiet small'}
			onBlur={() => setSure(false)}
			onClick={() => (sure ? void revoke() : setSure(true))}
		>
			{sure ? 'Really revoke?' : 'Revoke'} <span class="hidden">{name}</span>
		</button>
	);
}
