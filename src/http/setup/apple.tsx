/** iPhone, iPad, Mac: the profile, and the steps that follow. */
import { QrCode } from './qr.tsx';
import { Rich } from './texts.tsx';
import { choiceOf, hasProfile, type View } from './view.ts';

/** The panel for an iPhone or iPad: on another device, first the code that brings the page there. */
export function IphonePanel({ view }: { readonly view: View }) {
	const { texts, guess, url, cannotInstall } = view;
	const { text } = texts;
	if (!hasProfile(view.config)) return <NoProfile view={view} />;
	return (
		<>
			{cannotInstall ? <p class="warn">{text('iphoneWrong')}</p> : null}
			<Lead view={view} />
			<div class={guess === 'iphone' ? 'profile here' : 'profile'}>
				<div class="away">
					<QrCode text={url} label={text('qrAlt', { url })} />
					<div>
						<h4>{text('qrTitle')}</h4>
						<p>{text('qrText')}</p>
						<p class="hint">{text('qrHere')}</p>
					</div>
				</div>
				<ProfileButtons view={view} />
			</div>
			<ol class="steps">
				{(['iphoneStep1', 'iphoneStep2', 'iphoneStep3', 'iphoneStep4'] as const).map((step) => (
					<li>
						<Rich texts={texts} of={step} />
					</li>
				))}
			</ol>
			<p class="note">{text('profileMinutes')}</p>
			<p class="note">
				<Rich texts={texts} of="iphoneBrowsers" />
			</p>
			<BlockedProfile view={view} />
		</>
	);
}

export function MacPanel({ view }: { readonly view: View }) {
	const { texts } = view;
	if (!hasProfile(view.config)) return <NoProfile view={view} />;
	return (
		<>
			<Lead view={view} />
			<ProfileButtons view={view} />
			<ol class="steps">
				{(['macStep1', 'macStep2', 'macStep3', 'macStep4'] as const).map((step) => (
					<li>
						<Rich texts={texts} of={step} />
					</li>
				))}
			</ol>
			<p class="note">{texts.text('profileMinutes')}</p>
			<BlockedProfile view={view} />
		</>
	);
}

function NoProfile({ view: { texts } }: { readonly view: View }) {
	return <p>{texts.text('profileNone', { app: 'Mail' })}</p>;
}

/** With an address and without: one of the two shows. */
function Lead({ view: { texts, address } }: { readonly view: View }) {
	return (
		<>
			<p data-with hidden={address === null}>
				{texts.text('profileLead')}
			</p>
			<p data-without hidden={address !== null}>
				{texts.text('profileLeadAny')}
			</p>
		</>
	);
}

// A posted address is in no URL. Should a device take profiles from links only, the one without an address is there too.
function ProfileButtons({ view: { texts, address, config } }: { readonly view: View }) {
	const { text } = texts;
	const link = `/${config.domain}.mobileconfig`;
	return (
		<div class="get">
			<form method="post" action="/mobileconfig" data-with hidden={address === null}>
				<input type="hidden" name="email" value={address?.text ?? ''} />
				<button type="submit">{text('profileButton')}</button>
				<p class="hint">
					{text('profileWithoutNote')} <a href={link}>{text('profileWithout')}</a>
				</p>
			</form>
			<a class="button" href={link} data-without hidden={address !== null}>
				{text('profileButton')}
			</a>
		</div>
	);
}

/** A profile holds one outgoing server: who is behind a wall that blocks its port takes the other profile. */
function BlockedProfile({ view: { texts, config, address } }: { readonly view: View }) {
	const { text } = texts;
	const choice = choiceOf(config, 'smtp');
	if (choice?.fallback == null) return null;
	const { first, fallback } = choice;
	const button = text('profileFallback', { port: fallback.port });
	return (
		<details>
			<summary>{text('blocked', { port: first.port })}</summary>
			<p>{text('blockedText', { port: first.port })}</p>
			<form method="post" action="/mobileconfig" data-with hidden={address === null}>
				<input type="hidden" name="email" value={address?.text ?? ''} />
				<input type="hidden" name="submission" value="starttls" />
				<button type="submit" class="quiet">
					{button}
				</button>
			</form>
			<a class="button quiet" href={`/${config.domain}.mobileconfig?submission=starttls`} data-without hidden={address !== null}>
				{button}
			</a>
		</details>
	);
}
