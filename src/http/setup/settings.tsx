/** The settings for whoever types them in: one small table a server, the preferred one first. */
import { httpOfferOf, type SocketOffer, socketOffersOf } from '../../model/config.ts';
import { HTTP_SERVICE_ORDER } from '../../model/service.ts';
import { Rich } from './texts.tsx';
import { Login, Value } from './value.tsx';
import { choiceOf, type View } from './view.ts';
import { SECURITY, WordsTable } from './words-table.tsx';

export function Settings({ view }: { readonly view: View }) {
	const { text } = view.texts;
	const { config } = view;
	const imap = choiceOf(config, 'imap');
	const pop3 = choiceOf(config, 'pop3');
	const smtp = choiceOf(config, 'smtp');
	const incoming = imap ?? pop3;
	return (
		<section class="settings" aria-labelledby="settings">
			<h2 id="settings">{text('settings')}</h2>
			<p class="hint">{text('settingsLead')}</p>
			<div class="servers">
				{incoming === null ? null : <Server view={view} offer={incoming.first} preferred={incoming.fallback !== null} />}
				{smtp === null ? null : <Server view={view} offer={smtp.first} preferred={smtp.fallback !== null} />}
			</div>
			{smtp === null ? null : <Blocked view={view} offer={smtp.first} fallback={smtp.fallback} />}
			{incoming === null ? null : <Blocked view={view} offer={incoming.first} fallback={incoming.fallback} />}
			{imap === null || pop3 === null ? null : (
				<details>
					<summary>{text('pop')}</summary>
					{socketOffersOf(config, 'pop3').map((offer) => (
						<Server view={view} offer={offer} preferred={false} />
					))}
				</details>
			)}
			<More view={view} />
			<WordsTable view={view} />
		</section>
	);
}

const NAMES = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'ManageSieve' } as const;

interface ServerProps {
	readonly view: View;
	readonly offer: SocketOffer;
	/** Whether to say that another one, further down, is second best. */
	readonly preferred: boolean;
	readonly fallback?: true;
}

function Server({ view, offer, preferred, fallback }: ServerProps) {
	const { texts } = view;
	const { text } = texts;
	const heading = text(offer.kind === 'smtp' ? 'outgoing' : 'incoming');
	const rows = [
		{ name: text('server'), value: offer.host },
		{ name: text('port'), value: String(offer.port) },
	];
	return (
		<table class="card server">
			<caption>
				<span class="heading">{heading}</span> <span class="kind">{NAMES[offer.kind]}</span>
				{preferred ? <span class="badge">{text('preferred')}</span> : null}
				{fallback ? <span class="badge plain">{text('fallback')}</span> : null}
			</caption>
			<tbody>
				{rows.map(({ name, value }) => (
					<Value texts={texts} name={name} of={`${heading}, ${name}`} value={value} />
				))}
				<tr>
					<th scope="row">{text('security')}</th>
					<td colspan={2}>
						<bdi dir="ltr">{SECURITY[offer.security]}</bdi>
					</td>
				</tr>
				<Login view={view} template={offer.login} of={heading} />
				<tr>
					<th scope="row">{text('password')}</th>
					<td colspan={2} class="soft">
						{text('passwordValue')}
					</td>
				</tr>
			</tbody>
		</table>
	);
}

function Blocked({ view, offer, fallback }: { readonly view: View; readonly offer: SocketOffer; readonly fallback: SocketOffer | null }) {
	if (fallback === null) return null;
	const values = { port: offer.port };
	return (
		<details class="blocked">
			<summary>{view.texts.text('blocked', values)}</summary>
			<p>
				<Rich texts={view.texts} of="blockedText" values={values} />
			</p>
			<Server view={view} offer={fallback} preferred={false} fallback />
		</details>
	);
}

function More({ view: { texts, config } }: { readonly view: View }) {
	const links = HTTP_SERVICE_ORDER.flatMap((kind) => httpOfferOf(config, kind) ?? []);
	const sieve = socketOffersOf(config, 'sieve')[0];
	if (links.length === 0 && sieve === undefined) return null;
	return (
		<details>
			<summary>{texts.text('more')}</summary>
			<table class="card server">
				<tbody>
					{links.map(({ kind, url }) => (
						<Value texts={texts} name={texts.text(kind)} of={texts.text(kind)} value={url} />
					))}
					{sieve === undefined ? null : (
						<Value texts={texts} name={texts.text('sieve')} of={texts.text('sieve')} value={`${sieve.host}:${sieve.port}`} />
					)}
				</tbody>
			</table>
		</details>
	);
}
