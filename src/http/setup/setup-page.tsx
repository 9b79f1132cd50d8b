/** The set-up page: for the person with a new mailbox. */

import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ADDRESS_FORM_ID, AddressForm } from './address-form.tsx';
import { renderThemeStyle } from './branding.ts';
import { LANGUAGE_CODES, LANGUAGES, textDirection } from './languages.ts';
import { MailAppChoice } from './mail-app-choice.tsx';
import { Message, type Translator, toUnicodeDomain } from './message.tsx';
import { SelfTestSection } from './self-test-section.tsx';
import { ServerSettings } from './server-settings.tsx';
import type { SetupView } from './setup-view.ts';

/** The page of a domain, as HTML. */
export function renderSetupPage(view: SetupView): string {
	const { translator, config, provider, address, error, path } = view;
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
				<AddressForm translator={translator} path={path} domain={config.domain} address={address} error={error} />
				<MailAppChoice view={view} />
				<ServerSettings view={view} />
				<SelfTestSection view={view} />
			</>
		),
	});
}

/** The page of the service itself, which waits for an address. */
export function renderStartPage(texts: Translator, error: 'addressBad' | 'addressUnknown' | null): string {
	return renderDocument({
		translator: texts,
		title: texts.text('title'),
		brand: null,
		style: '',
		isFormResponse: false,
		footer: null,
		body: (
			<>
				<div class="hero">
					<h1>{texts.text('title')}</h1>
					<p class="lead">{texts.text('leadAny')}</p>
				</div>
				<AddressForm translator={texts} path="/" domain={null} address={null} error={error} />
			</>
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
	/** Whether the page answers a form: a link to another language would lose what was typed, a button does not. */
	readonly isFormResponse: boolean;
}

function renderDocument({ translator, title, brand, style, body, footer: foot, isFormResponse }: DocumentProps): string {
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
					<LanguageMenu texts={translator} posted={isFormResponse} />
				</header>
				<main id="main">{body}</main>
				<footer>
					{foot}
					<span>{text('privacy')}</span>
				</footer>
			</body>
		</html>
	);
	return `<!doctype html>${page.toString()}\n`;
}

/** Stands where the operator has no logo. */
function Monogram({ name }: { readonly name: string }) {
	return (
		<span class="monogram" aria-hidden="true">
			{/[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase() ?? '@'}
		</span>
	);
}

function LanguageMenu({ texts: { text, language }, posted }: { readonly texts: Translator; readonly posted: boolean }) {
	return (
		<details class="languages">
			<summary aria-label={`${text('languageLabel')}: ${LANGUAGES[language].language}`}>{LANGUAGES[language].language}</summary>
			<ul>
				{LANGUAGE_CODES.map((code) => (
					<li lang={code} dir={textDirection(code)}>
						{posted ? (
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
