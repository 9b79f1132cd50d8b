/** iPhone, iPad, Mac: the profile, and the steps that follow. */

import { Message } from './message.tsx';
import { QrCode } from './qr-code.tsx';
import { hasProfile, offerPairOf, type SetupView } from './setup-view.ts';

/** The panel for an iPhone or iPad: on another device, first the code that brings the page there. */
export function IphonePanel({ view }: { readonly view: SetupView }) {
	const { translator, detectedApp, url, cannotInstallProfiles } = view;
	const { text } = translator;
	if (!hasProfile(view.config)) return <ProfileUnavailable view={view} />;
	return (
		<>
			{cannotInstallProfiles ? <p class="warn">{text('iphoneWrong')}</p> : null}
			<ProfileLead view={view} />
			<div class={detectedApp === 'iphone' ? 'profile here' : 'profile'}>
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
						<Message translator={translator} id={step} />
					</li>
				))}
			</ol>
			<p class="note">{text('profileMinutes')}</p>
			<p class="note">
				<Message translator={translator} id="iphoneBrowsers" />
			</p>
			<FallbackProfile view={view} />
		</>
	);
}

export function MacPanel({ view }: { readonly view: SetupView }) {
	const { translator } = view;
	if (!hasProfile(view.config)) return <ProfileUnavailable view={view} />;
	return (
		<>
			<ProfileLead view={view} />
			<ProfileButtons view={view} />
			<ol class="steps">
				{(['macStep1', 'macStep2', 'macStep3', 'macStep4'] as const).map((step) => (
					<li>
						<Message translator={translator} id={step} />
					</li>
				))}
			</ol>
			<p class="note">{translator.text('profileMinutes')}</p>
			<FallbackProfile view={view} />
		</>
	);
}

function ProfileUnavailable({ view: { translator } }: { readonly view: SetupView }) {
	return <p>{translator.text('profileNone', { app: 'Mail' })}</p>;
}

/** With an address and without: one of the two shows. */
function ProfileLead({ view: { translator, address } }: { readonly view: SetupView }) {
	return (
		<>
			<p data-with hidden={address === null}>
				{translator.text('profileLead')}
			</p>
			<p data-without hidden={address !== null}>
				{translator.text('profileLeadAny')}
			</p>
		</>
	);
}

// A posted address is in no URL. Should a device take profiles from links only, the one without an address is there too.
function ProfileButtons({ view: { translator, address, config } }: { readonly view: SetupView }) {
	const { text } = translator;
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
function FallbackProfile({ view: { translator, config, address } }: { readonly view: SetupView }) {
	const { text } = translator;
	const choice = offerPairOf(config, 'smtp');
	if (choice?.fallback == null) return null;
	const { preferred, fallback } = choice;
	const button = text('profileFallback', { port: fallback.port });
	return (
		<details>
			<summary>{text('blocked', { port: preferred.port })}</summary>
			<p>{text('blockedText', { port: preferred.port })}</p>
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
