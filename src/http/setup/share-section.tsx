/** A text to send to a new user, to copy as text or with formatting, and a card to print. */
import type { SocketOffer } from '../../model/config.ts';
import { toUnicodeDomain } from '../../model/unicode-domain.ts';
import { BreakableName, Message } from './message.tsx';
import { QrCode } from './qr-code.tsx';
import { PROTOCOL_NAMES } from './server-settings.tsx';
import { incomingOffersOf, offerPairOf, type SetupView } from './setup-view.ts';
import { SECURITY_NAMES } from './tls-labels-table.tsx';

/** It names the preferred servers and never a password. The page's script shows the buttons that copy and print. */
export function ShareSection({ view }: { readonly view: SetupView }) {
	const { translator, config, url } = view;
	const { text } = translator;
	const domain = toUnicodeDomain(config.domain);
	const servers = [incomingOffersOf(config), offerPairOf(config, 'smtp')].flatMap((pair) => (pair === null ? [] : [pair.preferred]));
	return (
		<section class="share" aria-labelledby="share">
			<h2 id="share">{text('share')}</h2>
			<p class="hint">{text('shareLead')}</p>
			<div class="card letter" id="share-text" data-copied={text('copied')}>
				<p>
					<Message translator={translator} id="shareReady" values={{ domain }} />
				</p>
				<p>
					<ShareLink view={view} />
				</p>
				<ul>
					{servers.map((offer) => (
						<li>
							<Direction view={view} kind={offer.kind} />{' '}
							<Message
								translator={translator}
								id="shareServer"
								values={{
									server: `${PROTOCOL_NAMES[offer.kind]} ${offer.host}`,
									port: offer.port,
									security: SECURITY_NAMES[offer.security],
								}}
							/>
						</li>
					))}
				</ul>
				<p>{text('sharePassword')}</p>
				<div class="card-qr">
					<QrCode text={url} label={text('qrAlt', { url })} />
				</div>
			</div>
			<div class="buttons" id="share-buttons" hidden>
				<button type="button" class="quiet" data-share="text">
					{text('shareCopyText')}
				</button>
				<button type="button" class="quiet" data-share="html">
					{text('shareCopyHtml')}
				</button>
				<button type="button" class="quiet" data-share="print">
					{text('sharePrint')}
				</button>
			</div>
		</section>
	);
}

function Direction({ view: { translator }, kind }: { readonly view: SetupView; readonly kind: SocketOffer['kind'] }) {
	const [before, after] = translator.text('shareDirection').split('{direction}');
	return (
		<>
			{before}
			<bdi>{translator.text(kind === 'smtp' ? 'outgoing' : 'incoming')}</bdi>
			{after}
		</>
	);
}

function ShareLink({ view: { translator, url } }: { readonly view: SetupView }) {
	const [before, after] = translator.text('shareOpen').split('{url}');
	return (
		<>
			{before}
			<a href={url} dir="ltr">
				<BreakableName text={url} />
			</a>
			{after}
		</>
	);
}
