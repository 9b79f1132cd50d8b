/** Rows of a table of settings. The page's script shows the copy buttons; without it there are none. */

import type { EmailAddress } from '../../model/names.ts';
import { ADDRESS_PLACEHOLDER, fillAddress, LOCAL_PART_PLACEHOLDER } from '../../model/placeholders.ts';
import type { Translator } from './message.tsx';
import { Message } from './message.tsx';
import { loginFor, type SetupView } from './setup-view.ts';

interface SettingRowProps {
	readonly translator: Translator;
	readonly name: string;
	/** What is copied, for those who do not see the row. */
	readonly label: string;
	readonly value: string;
}

export function SettingRow({ translator, name, label, value }: SettingRowProps) {
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				<code dir="ltr" data-value>
					{value}
				</code>
			</td>
			<td class="act">
				<CopyValueButton texts={translator} of={label} />
			</td>
		</tr>
	);
}

/** The user name: in words while the address is not known, and as it is typed once it is. */
export function LoginRow({ view, template, of }: { readonly view: SetupView; readonly template: string; readonly of: string }) {
	const { translator, address, config } = view;
	const name = translator.text('user');
	const login = loginFor(template, address);
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				<code dir="ltr" data-value data-login={template} hidden={login === null}>
					{login}
				</code>
				<span class="soft" data-without hidden={login !== null}>
					<LoginDescription texts={translator} template={template} domain={config.domain} />
				</span>
			</td>
			<td class="act">
				<CopyValueButton texts={translator} of={`${of}, ${name}`} />
			</td>
		</tr>
	);
}

function LoginDescription({
	texts,
	template,
	domain,
}: {
	readonly texts: Translator;
	readonly template: string;
	readonly domain: EmailAddress['domain'];
}) {
	if (template === ADDRESS_PLACEHOLDER) return <>{texts.text('userAddress')}</>;
	if (template === LOCAL_PART_PLACEHOLDER) return <>{texts.text('userLocal')}</>;
	return (
		<Message
			translator={texts}
			id="userOther"
			values={{ example: fillAddress(template, { local: 'you', domain, text: `you@${domain}` }) }}
		/>
	);
}

function CopyValueButton({ texts: { text }, of }: { readonly texts: Translator; readonly of: string }) {
	return (
		<button type="button" class="copy" hidden data-copied={text('copied')} aria-label={text('copyWhat', { what: of })}>
			{text('copy')}
		</button>
	);
}
