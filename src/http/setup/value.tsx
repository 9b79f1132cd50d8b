/** Rows of a table of settings. The page's script shows the copy buttons; without it there are none. */

import type { EmailAddress } from '../../model/names.ts';
import { ADDRESS, LOCAL_PART, withAddress } from '../../model/placeholder.ts';
import type { Texts } from './texts.tsx';
import { Rich } from './texts.tsx';
import { loginFor, type View } from './view.ts';

interface ValueProps {
	readonly texts: Texts;
	readonly name: string;
	/** What is copied, for those who do not see the row. */
	readonly of: string;
	readonly value: string;
}

export function Value({ texts, name, of, value }: ValueProps) {
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				<code dir="ltr" data-value>
					{value}
				</code>
			</td>
			<td class="act">
				<Copy texts={texts} of={of} />
			</td>
		</tr>
	);
}

/** The user name: in words while the address is not known, and as it is typed once it is. */
export function Login({ view, template, of }: { readonly view: View; readonly template: string; readonly of: string }) {
	const { texts, address, config } = view;
	const name = texts.text('user');
	const login = loginFor(template, address);
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				<code dir="ltr" data-value data-login={template} hidden={login === null}>
					{login}
				</code>
				<span class="soft" data-without hidden={login !== null}>
					<LoginWords texts={texts} template={template} domain={config.domain} />
				</span>
			</td>
			<td class="act">
				<Copy texts={texts} of={`${of}, ${name}`} />
			</td>
		</tr>
	);
}

function LoginWords({
	texts,
	template,
	domain,
}: {
	readonly texts: Texts;
	readonly template: string;
	readonly domain: EmailAddress['domain'];
}) {
	if (template === ADDRESS) return <>{texts.text('userAddress')}</>;
	if (template === LOCAL_PART) return <>{texts.text('userLocal')}</>;
	return <Rich texts={texts} of="userOther" values={{ example: withAddress(template, { local: 'you', domain, text: `you@${domain}` }) }} />;
}

function Copy({ texts: { text }, of }: { readonly texts: Texts; readonly of: string }) {
	return (
		<button type="button" class="copy" hidden data-copied={text('copied')} aria-label={text('copyWhat', { what: of })}>
			{text('copy')}
		</button>
	);
}
