/** The set-up page: for the person with a new mailbox. */

import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { AddressForm, FORM } from './address-form.tsx';
import { direction, LANGUAGE_CODES, LANGUAGES } from './languages.ts';
import { themeStyle } from './look.ts';
import { SelfTest } from './self-test.tsx';
import { Settings } from './settings.tsx';
import { Rich, readable, type Texts } from './texts.tsx';
import type { View } from './view.ts';
import { Ways } from './ways.tsx';

/** The page of a domain, as HTML. */
export function renderSetup(view: View): string {
	const { texts, config, provider, address, error, path } = view;
	const { text } = texts;
	const domain = readable(config.domain);
	return document({
		texts,
		title: text('titleFor', { domain }),
		brand: { name: provider.name, logo: provider.logo ?? null },
		style: themeStyle(provider.colour),
		posted: address !== null,
		foot: (
			<>
				{config.provider.help === null ? null : <a href={config.provider.help}>{text('help', { provider: provider.name })}</a>}
				{config.provider.website === null ? null : <a href={config.provider.website}>{text('website', { provider: provider.name })}</a>}
			</>
		),
		body: (
			<>
				<div class="hero">
					<h1>
						<Rich texts={texts} of="titleFor" values={{ domain }} />
					</h1>
					<p class="lead">{text('lead')}</p>
				</div>
				<AddressForm texts={texts} path={path} domain={config.domain} address={address} error={error} />
				<Ways view={view} />
				<Settings view={view} />
				<SelfTest view={view} />
			</>
		),
	});
}

/** The page of the service itself, which waits for an address. */
export function renderStart(texts: Texts, error: 'addressBad' | 'addressUnknown' | null): string {
	return document({
		texts,
		title: texts.text('title'),
		brand: null,
		style: '',
		posted: false,
		foot: null,
		body: (
			<>
				<div class="hero">
					<h1>{texts.text('title')}</h1>
					<p class="lead">{texts.text('leadAny')}</p>
				</div>
				<AddressForm texts={texts} path="/" domain={null} address={null} error={error} />
			</>
		),
	});
}

interface Parts {
	readonly texts: Texts;
	readonly title: string;
	readonly brand: { readonly name: string; readonly logo: string | null } | null;
	readonly style: string;
	readonly body: Child;
	readonly foot: Child;
	/** Whether the page answers a form: a link to another language would lose what was typed, a button does not. */
	readonly posted: boolean;
}

function document({ texts, title, brand, style, body, foot, posted }: Parts): string {
	const { text, language } = texts;
	const page = (
		<html lang={language} dir={direction(language)}>
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
					<Languages texts={texts} posted={posted} />
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

function Languages({ texts: { text, language }, posted }: { readonly texts: Texts; readonly posted: boolean }) {
	return (
		<details class="languages">
			<summary aria-label={`${text('languageLabel')}: ${LANGUAGES[language].language}`}>{LANGUAGES[language].language}</summary>
			<ul>
				{LANGUAGE_CODES.map((code) => (
					<li lang={code} dir={direction(code)}>
						{posted ? (
							<button type="submit" form={FORM} name="to" value={code} formnovalidate aria-current={code === language ? 'true' : undefined}>
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
