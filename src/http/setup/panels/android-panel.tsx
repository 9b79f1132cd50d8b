/** The panel for Android: Thunderbird first, because it finds the settings, then the apps that phones come with. */
import { fillThunderbirdQr, thunderbirdQrTemplate } from '../../../protocols/thunderbird-qr.ts';
import { Message } from '../message.tsx';
import { QrCode } from '../qr-code.tsx';
import { isOAuthOnly, type SetupView } from '../setup-view.ts';
import { AppSteps, Steps, VersionNote } from './steps.tsx';

const GOOGLE_PLAY = 'https://play.google.com/store/apps/details?id=net.thunderbird.android';
const F_DROID = 'https://f-droid.org/packages/net.thunderbird.android/';

export function AndroidPanel({ view }: { readonly view: SetupView }) {
	const { text } = view.translator;
	return (
		<>
			<p>{text('tbLead')}</p>
			<p class="get">
				<a class="button" href={GOOGLE_PLAY}>
					{text('tbPlay')}
				</a>{' '}
				<a class="apart" href={F_DROID}>
					{text('tbFdroid')}
				</a>
			</p>
			<Steps view={view} ids={['tbAndroidStep1', 'findStep2', 'findStep3']} />
			<ThunderbirdQr view={view} />
			<VersionNote view={view} versions="Thunderbird 8–15" />
			<h4>{text('otherApps')}</h4>
			{isOAuthOnly(view.config) ? <p class="note">{text('oauthOnly')}</p> : <PasswordApps view={view} />}
		</>
	);
}

/** Apps that can only log in with a password. */
function PasswordApps({ view }: { readonly view: SetupView }) {
	return (
		<>
			<AppSteps title="Gmail">
				<Steps view={view} ids={['gmailStep1', 'gmailStep2', 'gmailStep3', 'manualValues']} />
				<VersionNote view={view} versions="Gmail 2025, 2026" />
			</AppSteps>
			<AppSteps title="Samsung Email">
				<Steps view={view} ids={['samsungStep1', 'samsungStep2', 'manualValues']} />
				<VersionNote view={view} versions="One UI 6, 7, 8" />
			</AppSteps>
			<AppSteps title="K-9 Mail, FairEmail">
				<Steps view={view} ids={['findStep1', 'findStep2', 'findStep3']} />
			</AppSteps>
		</>
	);
}

/** The code that Thunderbird imports. Only a computer shows it: a phone cannot scan its own screen. It needs the address. */
function ThunderbirdQr({ view: { translator, config, address, detectedApp } }: { readonly view: SetupView }) {
	const { text } = translator;
	const template = thunderbirdQrTemplate(config);
	if (template === null || detectedApp === 'android') return null;
	const payload = address === null ? null : fillThunderbirdQr(template, address);
	return (
		<div class="away" data-thunderbird-qr={template} data-alt={text('tbQrAlt')}>
			<div class="qr-place">
				{payload === null ? null : <QrCode text={payload} label={text('tbQrAlt', { address: address?.text ?? '' })} />}
			</div>
			<div>
				<h4>{text('tbQrTitle')}</h4>
				<p data-with hidden={payload === null}>
					<Message translator={translator} id="tbQrText" />
				</p>
				<p data-without hidden={payload !== null}>
					{text('tbQrNeedsAddress')}
				</p>
				<p data-load-failed hidden>
					{text('loadFailed')}
				</p>
			</div>
		</div>
	);
}
