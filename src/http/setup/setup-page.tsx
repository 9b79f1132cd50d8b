/** The pages for people with a new mailbox: the set-up page of a domain, the start page, and the page for what is not here. */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { toUnicodeDomain } from '../../model/unicode-domain.ts';
import { ADDRESS_FORM_ID, AddressForm } from './address-form.tsx';
import { renderThemeStyle } from './branding.ts';
import { LANGUAGE_CODES, LANGUAGES, type Translator, textDirection } from './languages.ts';
import { MailAppChoice } from './mail-app-choice.tsx';
import { Message } from './message.tsx';
import { SelfTestSection } from './self-test-section.tsx';
import { ServerSettings } from './server-settings.tsx';
import type { SetupView } from './setup-view.ts';
import { ShareSection } from './share-section.tsx';

/** The page of a domain, as HTML. */
export function renderSetupPage(view: SetupView): string {
	const { translator, config, provider, address } = view;
	const { text } = translator;
	const domain = toUnicodeDomain(config.domain);
	return renderDocument({
		translator,
		title: text('titleFor', { domain }),
		brand: { name: provider.name, logo: provider.logo ?? null },
		style: renderThemeStyle(provider.colour),
		isFormResponse: address !== null,
		footer: (
			<>
				{config.provider.help === null ? null : <a href={config.provider.help}>{text('help', { provider: provider.name })}</a>}
				{config.provider.website === null ? null : <a href={config.provider.website}>{text('website', { provider: provider.name })}</a>}
			</>
		),
		body: (
			<>
				<div class="hero">
					<h1>
						<Message translator={translator} id="titleFor" values={{ domain }} />
					</h1>
					<p class="lead">{text('lead')}</p>
				</div>
				<MailAppChoice view={view} />
				<ServerSettings view={view} />
				<ShareSection view={view} />
				<SelfTestSection view={view} />
			</>
		),
	});
}

/** The start page of the service, which asks for an address. @param typed what was typed, where it was refused */
export function renderStartPage(translator: Translator, error: 'addressBad' | 'addressUnknown' | null, typed: string): string {
	return renderDocument({
		translator,
		title: translator.text('title'),
		brand: null,
		style: '',
		isFormResponse: false,
		footer: null,
		body: (
			<>
				<div class="hero">
					<h1>{translator.text('title')}</h1>
					<p class="lead">{translator.text('leadAny')}</p>
				</div>
				<AddressForm translator={translator} path="/" domain={null} address={null} typed={typed} error={error} />
			</>
		),
	});
}

/**
 * The page for a domain without settings, and for settings that cannot be shown. It names nothing that was asked for.
 * @param hasStartPage whether `/` of this host asks for an address
 */
export function renderMissingPage(translator: Translator, reason: 'missingText' | 'missingBroken', hasStartPage: boolean): string {
	const { text } = translator;
	return renderDocument({
		translator,
		title: text('missing'),
		brand: null,
		style: '',
		isFormResponse: false,
		footer: null,
		body: (
			<div class="hero">
				<h1>{text('missing')}</h1>
				<p class="lead">{text(reason)}</p>
				{hasStartPage ? (
					<p class="get">
						<a class="button" href="/">
							{text('missingStart')}
						</a>
					</p>
				) : null}
			</div>
		),
	});
}

interface DocumentProps {
	readonly translator: Translator;
	readonly title: string;
	readonly brand: { readonly name: string; readonly logo: string | null } | null;
	readonly style: string;
	readonly body: Child;
	readonly footer: Child;
	/** Whether the page answers a posted form. Then the languages are buttons of the form: a link would lose the address. */
	readonly isFormResponse: boolean;
}

function renderDocument({ translator, title, brand, style, body, footer, isFormResponse }: DocumentProps): string {
	const { text, language } = translator;
	const page = (
		<html lang={language} dir={textDirection(language)}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="robots" content="noindex" />
				<title>{title}</title>
				<link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
				<link rel="stylesheet" href="/assets/setup.css" />
				{style === '' ? null : <style>{raw(style)}</style>}
				<script type="module" src="/assets/setup.js"></script>
			</head>
			<body>
				<a class="skip" href="#main">
					{text('skip')}
				</a>
				<header>
					<p class="brand">
						{brand === null ? null : brand.logo === null ? <Monogram name={brand.name} /> : <img src={brand.logo} alt="" height={40} />}
						{brand === null ? 'Signpost' : <bdi>{brand.name}</bdi>}
					</p>
					<LanguageMenu translator={translator} isFormResponse={isFormResponse} />
				</header>
				<main id="main">{body}</main>
				<footer>
					{footer}
					<span>{text('privacy')}</span>
				</footer>
			</body>
		</html>
	);
	return `<!doctype html>${page.toString()}\n`;
}

/** The first letter of the provider's name, where the record has no logo. */
function Monogram({ name }: { readonly name: string }) {
	return (
		<span class="monogram" aria-hidden="true">
			{/[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase() ?? '@'}
		</span>
	);
}

interface LanguageMenuProps {
	readonly translator: Translator;
	readonly isFormResponse: boolean;
}

function LanguageMenu({ translator: { text, language }, isFormResponse }: LanguageMenuProps) {
	return (
		<details class="languages">
			<summary aria-label={`${text('languageLabel')}: ${LANGUAGES[language].language}`}>{LANGUAGES[language].language}</summary>
			<ul>
				{LANGUAGE_CODES.map((code) => (
					<li lang={code} dir={textDirection(code)}>
						{isFormResponse ? (
							<button
								type="submit"
								form={ADDRESS_FORM_ID}
								name="to"
								value={code}
								formnovalidate
								aria-current={code === language ? 'true' : undefined}
							>
								{LANGUAGES[code].language}
							</button>
						) : (
							<a href={`?lang=${code}`} hreflang={code} aria-current={code === language ? 'true' : undefined}>
								{LANGUAGES[code].language}
							</a>
						)}
					</li>
				))}
			</ul>
		</details>
	);
}
