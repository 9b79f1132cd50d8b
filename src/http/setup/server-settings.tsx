/** The settings to enter by hand: one table for each server, the preferred one first. */
import { httpOfferOf, type SocketOffer, socketOffersOf } from '../../model/config.ts';
import { hasAddressPlaceholder } from '../../model/placeholders.ts';
import { HTTP_SERVICE_ORDER } from '../../model/service-ports.ts';
import { AddressForm } from './address-form.tsx';
import { Message } from './message.tsx';
import { LoginRow, SettingRow, UserUrlRow } from './setting-row.tsx';
import { incomingOffersOf, isOAuthOnly, offerPairOf, type SetupView } from './setup-view.ts';
import { SECURITY_NAMES, TlsLabelsTable } from './tls-labels-table.tsx';

export function ServerSettings({ view }: { readonly view: SetupView }) {
	const { text } = view.translator;
	const { config } = view;
	const imap = offerPairOf(config, 'imap');
	const pop3 = offerPairOf(config, 'pop3');
	const smtp = offerPairOf(config, 'smtp');
	const incoming = incomingOffersOf(config);
	return (
		<section class="settings" aria-labelledby="settings">
			<h2 id="settings">{text('settings')}</h2>
			<p class="hint">{text('settingsLead')}</p>
			<AddressForm
				translator={view.translator}
				path={view.path}
				domain={config.domain}
				address={view.address}
				typed={view.typed}
				error={view.error}
			/>
			{isOAuthOnly(config) ? <p class="note">{text('oauthOnly')}</p> : null}
			<div class="servers">
				{incoming === null ? null : <ServerTable view={view} offer={incoming.preferred} preferred={incoming.fallback !== null} />}
				{smtp === null ? null : <ServerTable view={view} offer={smtp.preferred} preferred={smtp.fallback !== null} />}
			</div>
			{smtp === null ? null : <BlockedPortHelp view={view} offer={smtp.preferred} fallback={smtp.fallback} />}
			{incoming === null ? null : <BlockedPortHelp view={view} offer={incoming.preferred} fallback={incoming.fallback} />}
			{imap === null || pop3 === null ? null : (
				<details>
					<summary>{text('pop')}</summary>
					{socketOffersOf(config, 'pop3').map((offer) => (
						<ServerTable view={view} offer={offer} preferred={false} />
					))}
				</details>
			)}
			<OtherServices view={view} />
			<TlsLabelsTable view={view} />
		</section>
	);
}

export const PROTOCOL_NAMES = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'ManageSieve' } as const;

interface ServerTableProps {
	readonly view: SetupView;
	readonly offer: SocketOffer;
	/** Whether to mark it as the preferred one, because a fallback follows further down. */
	readonly preferred: boolean;
	readonly fallback?: true;
}

function ServerTable({ view, offer, preferred, fallback }: ServerTableProps) {
	const { translator } = view;
	const { text } = translator;
	const heading = text(offer.kind === 'smtp' ? 'outgoing' : 'incoming');
	const rows = [
		{ name: text('server'), value: offer.host },
		{ name: text('port'), value: String(offer.port) },
	];
	return (
		<table class="card server">
			<caption>
				<span class="heading">{heading}</span> <span class="kind">{PROTOCOL_NAMES[offer.kind]}</span>
				{preferred ? <span class="badge">{text('preferred')}</span> : null}
				{fallback ? <span class="badge plain">{text('fallback')}</span> : null}
			</caption>
			<tbody>
				{rows.map(({ name, value }) => (
					<SettingRow translator={translator} name={name} label={`${heading}, ${name}`} value={value} />
				))}
				<tr>
					<th scope="row">{text('security')}</th>
					<td colspan={2}>
						<bdi dir="ltr">{SECURITY_NAMES[offer.security]}</bdi>
					</td>
				</tr>
				<LoginRow view={view} template={offer.login} of={heading} />
				<tr>
					<th scope="row">{text('password')}</th>
					<td colspan={2} class="soft">
						{text(offer.auth.includes('password') ? 'passwordValue' : 'passwordOauth')}
					</td>
				</tr>
			</tbody>
		</table>
	);
}

function BlockedPortHelp({
	view,
	offer,
	fallback,
}: {
	readonly view: SetupView;
	readonly offer: SocketOffer;
	readonly fallback: SocketOffer | null;
}) {
	if (fallback === null) return null;
	const values = { port: offer.port };
	return (
		<details class="blocked">
			<summary>{view.translator.text('blocked', values)}</summary>
			<p>{view.translator.text('blockedHow')}</p>
			<p>
				<Message translator={view.translator} id="blockedText" values={values} />
			</p>
			<ServerTable view={view} offer={fallback} preferred={false} fallback />
		</details>
	);
}

function OtherServices({ view }: { readonly view: SetupView }) {
	const { translator, config } = view;
	const links = HTTP_SERVICE_ORDER.flatMap((kind) => httpOfferOf(config, kind) ?? []);
	const sieve = socketOffersOf(config, 'sieve')[0];
	if (links.length === 0 && sieve === undefined) return null;
	return (
		<details>
			<summary>{translator.text('more')}</summary>
			<table class="card server">
				<tbody>
					{links.map(({ kind, url }) =>
						hasAddressPlaceholder(url) ? (
							<UserUrlRow view={view} name={translator.text(kind)} template={url} />
						) : (
							<SettingRow translator={translator} name={translator.text(kind)} label={translator.text(kind)} value={url} />
						),
					)}
					{sieve === undefined ? null : (
						<SettingRow
							translator={translator}
							name={translator.text('sieve')}
							label={translator.text('sieve')}
							value={`${sieve.host}:${sieve.port}`}
						/>
					)}
				</tbody>
			</table>
		</details>
	);
}
