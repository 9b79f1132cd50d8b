/** Tokens: minted, shown once, listed, taken back. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import type { Session } from '../current-session.ts';
import { ErrorNotice, LoadingNotice, LocalTime, PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { CreateTokenForm } from './create-token-form.tsx';
import { TokenSecret } from './token-secret.tsx';

type ListedToken = OperationOutput<'listTokens'>['tokens'][number];

export function TokensPage({ session }: { readonly session: Session }) {
	const [minted, setMinted] = useState<OperationOutput<'mintToken'> | null>(null);
	const [after, setAfter] = useState('');
	const { result, refetch } = useApiQuery(after, () => callApi('listTokens', { query: { after, limit: 50 } }));
	return (
		<PageLayout title="Tokens">
			<p class="lead">A token lets a person or a program work on the domains it names, and on no others.</p>
			{minted === null ? (
				<CreateTokenForm
					session={session}
					onCreated={(token) => {
						setMinted(token);
						refetch();
					}}
				/>
			) : (
				<TokenSecret minted={minted} done={() => setMinted(null)} />
			)}
			{result === null ? <LoadingNotice /> : !result.ok ? <ErrorNotice error={result.error} retry={refetch} /> : null}
			{result?.ok ? <TokenTable tokens={result.value.tokens} again={refetch} /> : null}
			{result?.ok && result.value.next !== null ? (
				<button type="button" class="quiet" onClick={() => setAfter(result.value.next ?? '')}>
					More
				</button>
			) : null}
		</PageLayout>
	);
}

function TokenTable({ tokens, again }: { readonly tokens: readonly ListedToken[]; readonly again: () => void }) {
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
						<TokenRow key={token.id} token={token} again={again} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function TokenRow({ token, again }: { readonly token: ListedToken; readonly again: () => void }) {
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
					<LocalTime at={expiresAt} />
				) : (
					<>
						revoked <LocalTime at={revokedAt} />
					</>
				)}
			</td>
			<td>{over ? null : <RevokeButton id={id} name={name} again={again} />}</td>
		</tr>
	);
}

/** Asked twice: what the token does stops at once, and so does what it has handed on. */
function RevokeButton({ id, name, again }: { readonly id: string; readonly name: string; readonly again: () => void }) {
	const [sure, setSure] = useState(false);
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const revoke = async () => {
		const answered = await callApi('revokeToken', { path: { token: id } });
		if (answered.ok) again();
		else setRefusal(answered.error);
	};
	if (refusal !== null) return <ErrorNotice error={refusal} retry={() => void revoke()} />;
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
