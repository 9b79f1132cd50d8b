/** The panels for Windows, for Linux, and for every app that has no steps of its own. */
import { LeftToRight, Message } from '../message.tsx';
import { incomingProtocolName, isOAuthOnly, type SetupView } from '../setup-view.ts';
import { AppSteps, Steps, VersionNote } from './steps.tsx';

const THUNDERBIRD = 'https://www.thunderbird.net/download/';

/** Apps that look the settings up. What each of them asks is tested against this service's answers. */
const AUTODISCOVERING_APPS: readonly string[] = [
	'Thunderbird',
	'K-9 Mail',
	'FairEmail',
	'Delta Chat',
	'Evolution',
	'KMail',
	'Geary',
	'eM Client',
	'Mailspring',
	'Nextcloud Mail',
];

/** Thunderbird is the short way. Outlook follows, told apart by what its windows look like. */
export function WindowsPanel({ view }: { readonly view: SetupView }) {
	const { text } = view.translator;
	return (
		<>
			<ThunderbirdDownload view={view} />
			<h4>{text('outlookWhich')}</h4>
			{isOAuthOnly(view.config) ? <p class="note">{text('oauthOnly')}</p> : null}
			<AppSteps title={text('outlookClassic')}>
				<Steps view={view} ids={['outlookClassicStep1', 'outlookClassicStep2', 'outlookClassicStep3', 'manualValues']} />
				<VersionNote view={view} versions="Outlook 2019, 2021, 2024, Microsoft 365" />
			</AppSteps>
			<AppSteps title={text('outlookNew')}>
				<Steps view={view} ids={['outlookNewStep1', 'outlookNewStep2', 'outlookNewStep3']} />
				<p class="note">{text('outlookCloud')}</p>
				<VersionNote view={view} versions="Outlook for Windows 2026" />
			</AppSteps>
		</>
	);
}

export function LinuxPanel({ view }: { readonly view: SetupView }) {
	const { translator } = view;
	return (
		<>
			<ThunderbirdDownload view={view} />
			<h4>{translator.text('otherApps')}</h4>
			<AppSteps title="Evolution">
				<Steps view={view} ids={['evolutionStep1', 'evolutionStep2']} />
				<VersionNote view={view} versions="Evolution 3.56" />
			</AppSteps>
			<AppSteps title="KMail">
				<Steps view={view} ids={['findStep1', 'findStep2', 'findStep3']} />
				<VersionNote view={view} versions="KMail 24.12" />
			</AppSteps>
			<AppSteps title="Geary">
				<Steps view={view} ids={['findStep1', 'findStep2', 'findStep3']} />
				<VersionNote view={view} versions="Geary 46" />
			</AppSteps>
		</>
	);
}

export function OtherPanel({ view: { translator, config } }: { readonly view: SetupView }) {
	return (
		<>
			<p>
				<Message translator={translator} id="otherLead" values={{ kind: incomingProtocolName(config) }} />
			</p>
			<p class="note">{translator.text('otherOutlook')}</p>
			<h4>{translator.text('finderApps')}</h4>
			<ul class="apps">
				{AUTODISCOVERING_APPS.map((app) => (
					<li>
						<LeftToRight>{app}</LeftToRight>
					</li>
				))}
			</ul>
		</>
	);
}

function ThunderbirdDownload({ view }: { readonly view: SetupView }) {
	const { text } = view.translator;
	return (
		<>
			<p>{text('tbLead')}</p>
			<p class="get">
				<a class="button" href={THUNDERBIRD}>
					{text('tbDownload')}
				</a>
			</p>
			<Steps view={view} ids={['findStep1', 'findStep2', 'findStep3']} />
			<VersionNote view={view} versions="Thunderbird 140–153" />
		</>
	);
}
