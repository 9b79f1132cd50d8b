/** Access tokens: created, shown once, listed, revoked. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { CreatedSecret } from '../components/created-secret.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice, QueryNotice } from '../components/status-notices.tsx';
import type { Session } from '../current-session.ts';
import { PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { CreateTokenForm } from './create-token-form.tsx';

type ListedToken = OperationOutput<'listTokens'>['tokens'][number];

export function TokensPage({ session }: { readonly session: Session }) {
	const [created, setCreated] = useState<OperationOutput<'mintToken'> | null>(null);
	const [after, setAfter] = useState('');
	const { result, refetch } = useApiQuery(after, () => callApi('listTokens', { query: { after, limit: 50 } }));
	return (
		<PageLayout title="Tokens">
			<p class="lead">
				A token gives a person or program access to some domains, and no others: to those that are listed in it, or to all with a certain
				tag.
			</p>
			{created === null ? (
				<CreateTokenForm
					session={session}
					onCreated={(token) => {
						setCreated(token);
						refetch();
					}}
				/>
			) : (
				<CreatedSecret
					id={created.id}
					title={`Token for ${created.name}`}
					secret={created.secret}
					description="the token"
					onDone={() => setCreated(null)}
				>
					<p>Copy it now: it is shown only once, because only its hash is stored. Share it over a secure channel.</p>
				</CreatedSecret>
			)}
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? <TokenTable tokens={result.value.tokens} refetch={refetch} /> : null}
			{result?.ok && result.value.next !== null ? (
				<button type="button" class="quiet" onClick={() => setAfter(result.value.next ?? '')}>
					Next page
				</button>
			) : null}
		</PageLayout>
	);
}

function TokenTable({ tokens, refetch }: { readonly tokens: readonly ListedToken[]; readonly refetch: () => void }) {
	if (tokens.length === 0) return <p class="note">No tokens yet.</p>;
	return (
		<div class="card list">
			<table>
				<caption>Tokens</caption>
				<thead>
					<tr>
						<th scope="col">Name</th>
						<th scope="col">Role</th>
						<th scope="col">Domains</th>
						<th scope="col">Last used</th>
						<th scope="col">Expires</th>
						<th scope="col">
							<span class="hidden">Actions</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{tokens.map((token) => (
						<TokenRow key={token.id} token={token} refetch={refetch} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function TokenRow({ token, refetch }: { readonly token: ListedToken; readonly refetch: () => void }) {
	const { id, name, role, domains, tag = null, expiresAt, revokedAt, usedAt = null, createdBy } = token;
	const isInactive = revokedAt !== null || Date.parse(expiresAt) < Date.now();
	return (
		<tr class={isInactive ? 'over' : undefined}>
			<th scope="row">
				{name}
				<span class="hint block">created by {createdBy}</span>
			</th>
			<td data-of="Role">{role}</td>
			<td data-of="Domains">
				{tag === null ? (
					listSome(domains)
				) : (
					<>
						all with the tag <span class="tag">{tag}</span>
					</>
				)}
			</td>
			<td data-of="Last used">{usedAt === null ? 'never' : <LocalTime at={usedAt} />}</td>
			<td data-of="Expires">
				{revokedAt === null ? (
					<LocalTime at={expiresAt} />
				) : (
					<>
						revoked <LocalTime at={revokedAt} />
					</>
				)}
			</td>
			<td>{isInactive ? null : <RevokeButton id={id} name={name} refetch={refetch} />}</td>
		</tr>
	);
}

function listSome(domains: readonly string[]): string {
	const shown = domains.slice(0, 3).join(', ');
	return domains.length > 3 ? `${shown} and ${domains.length - 3} more` : shown;
}

/** Asks for a second click: the token, and every token created with it, stops working at once. */
function RevokeButton({ id, name, refetch }: { readonly id: string; readonly name: string; readonly refetch: () => void }) {
	const [confirming, setConfirming] = useState(false);
	const [error, setError] = useState<ApiError | null>(null);
	const revoke = async () => {
		const response = await callApi('revokeToken', { path: { token: id } });
		if (response.ok) refetch();
		else setError(response.error);
	};
	if (error !== null) return <ErrorNotice error={error} retry={() => void revoke()} />;
	return (
		<button
			type="button"
			class={confirming ? 'danger small' : 'quiet small'}
			onBlur={() => setConfirming(false)}
			onClick={() => (confirming ? void revoke() : setConfirming(true))}
		>
			{confirming ? 'Confirm revocation' : 'Revoke'} <span class="hidden">{name}</span>
		</button>
	);
}
