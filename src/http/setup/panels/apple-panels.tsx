/** The panels for iPhone, iPad and Mac: the profile, and the steps to install it. */
import { toUnicodeDomain } from '../../../model/unicode-domain.ts';
import { MAX_FULL_NAME_LENGTH, profileOffers } from '../../../protocols/mobileconfig.ts';
import { Message } from '../message.tsx';
import { QrCode } from '../qr-code.tsx';
import { SettingRow } from '../setting-row.tsx';
import { profileObstacle, type SetupView } from '../setup-view.ts';
import { Steps, VersionNote } from './steps.tsx';

/** On a computer it begins with the QR code that opens the page on the phone; on the phone, with the profile. */
export function IphonePanel({ view }: { readonly view: SetupView }) {
	const { translator, detectedApp, url, cannotInstallProfiles } = view;
	const { text } = translator;
	const obstacle = profileObstacle(view.config);
	if (obstacle !== null) return <ManualSteps view={view} obstacle={obstacle} manual="iphoneManual" />;
	if (cannotInstallProfiles)
		return (
			<>
				<p class="warn">{text('iphoneWrong')}</p>
				<table class="card server">
					<tbody>
						<SettingRow translator={translator} name={text('pageAddress')} label={text('pageAddress')} value={url} />
					</tbody>
				</table>
			</>
		);
	return (
		<>
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
				<ProfileButtons view={view} formId="profile-iphone" />
			</div>
			<Steps view={view} ids={['iphoneStep1', 'iphoneStep2', 'iphoneStep3', 'iphoneStep4']} />
			<p class="note">{text('profileMinutes')}</p>
			<p class="note">
				<Message translator={translator} id="iphoneBrowsers" />
			</p>
			<FallbackProfile view={view} formId="profile-iphone" />
			<VersionNote view={view} versions="iOS, iPadOS 17, 18, 26" />
		</>
	);
}

export function MacPanel({ view }: { readonly view: SetupView }) {
	const obstacle = profileObstacle(view.config);
	if (obstacle !== null) return <ManualSteps view={view} obstacle={obstacle} manual="macManual" />;
	return (
		<>
			<ProfileLead view={view} />
			<ProfileButtons view={view} formId="profile-mac" />
			<Steps view={view} ids={['macStep1', 'macStep2', 'macStep3', 'macStep4']} />
			<p class="note">{view.translator.text('profileMinutes')}</p>
			<FallbackProfile view={view} formId="profile-mac" />
			<VersionNote view={view} versions="macOS 13, 14, 15, 26" />
		</>
	);
}

interface ManualStepsProps {
	readonly view: SetupView;
	readonly obstacle: NonNullable<ReturnType<typeof profileObstacle>>;
	readonly manual: 'iphoneManual' | 'macManual';
}

/** Why there is no profile, and how to enter the settings by hand instead. */
function ManualSteps({ view, obstacle, manual }: ManualStepsProps) {
	return (
		<>
			<p class="note">{view.translator.text(obstacle)}</p>
			<Steps view={view} ids={[manual, 'manualValues']} />
		</>
	);
}

/** One text for a visitor whose address is known and one for others; the page's script shows the right one. */
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

interface ProfileFormProps {
	readonly view: SetupView;
	/** The id of the form that is posted for a profile. Each panel has one. */
	readonly formId: string;
}

// An address is never part of a URL, so the profile for an address is posted for. Should a browser install profiles from links only,
// there is a link to the profile without an address.
function ProfileButtons({ view, formId }: ProfileFormProps) {
	const { translator, address, config } = view;
	const { text } = translator;
	const link = `/${config.domain}.mobileconfig`;
	return (
		<div class="get">
			<form id={formId} method="post" action="/mobileconfig" data-with hidden={address === null}>
				<input type="hidden" name="email" value={address?.text ?? ''} />
				<button type="submit">{text('profileButton')}</button>
				<OwnerFields view={view} />
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

/** What a profile may say of its owner beside the address that logs in. It is closed at first: few people need it. */
function OwnerFields({ view: { translator, config } }: { readonly view: SetupView }) {
	const { text } = translator;
	const names = [...new Set([config.domain as string, toUnicodeDomain(config.domain)])];
	const otherDomain = text('addressOther', { domain: toUnicodeDomain(config.domain) });
	return (
		<details class="owner">
			<summary>{text('profileOwner')}</summary>
			<label>
				{text('profileName')}
				<input name="name" autocomplete="name" maxlength={MAX_FULL_NAME_LENGTH} />
			</label>
			<label>
				{text('profileOthers')}
				<input
					name="others"
					type="email"
					multiple
					dir="ltr"
					autocapitalize="none"
					// Each address is of this page's domain; the profile is refused otherwise.
					pattern={`.+@(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})`}
					title={otherDomain}
				/>
			</label>
			<p class="wrong-domain">{otherDomain}</p>
			<p class="hint">{text('profileOwnerHint')}</p>
		</details>
	);
}

/** A profile holds one outgoing server. On a network that blocks its port, a profile with the other server is needed. */
function FallbackProfile({ view: { translator, config, address }, formId }: ProfileFormProps) {
	const { text } = translator;
	// The server that the first profile holds: not always the record's first, whose port a profile may be unable to express.
	const first = profileOffers(config, 'preferred');
	const fallback = profileOffers(config, 'starttls');
	if (!first.ok || !fallback.ok || first.value.outgoing === fallback.value.outgoing) return null;
	const preferred = first.value.outgoing;
	const button = text('profileFallback', { port: fallback.value.outgoing.port });
	return (
		<details>
			<summary>{text('blocked', { port: preferred.port })}</summary>
			<p>{text('blockedHow')}</p>
			<p>{text('blockedText', { port: preferred.port })}</p>
			<button type="submit" class="quiet" form={formId} name="submission" value="starttls" data-with hidden={address === null}>
				{button}
			</button>
			<a class="button quiet" href={`/${config.domain}.mobileconfig?submission=starttls`} data-without hidden={address !== null}>
				{button}
			</a>
		</details>
	);
}
