/** Rows of a table of settings. The copy buttons need the page's script, which shows them. */
import type { EmailAddress } from '../../model/names.ts';
import { ADDRESS_PLACEHOLDER, fillAddress, LOCAL_PART_PLACEHOLDER } from '../../model/placeholders.ts';
import type { Translator } from './languages.ts';
import { Message } from './message.tsx';
import { loginFor, type SetupView } from './setup-view.ts';

interface SettingRowProps {
	readonly translator: Translator;
	readonly name: string;
	/** What the button copies, for people who do not see the row. */
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
				<CopyValueButton translator={translator} of={label} />
			</td>
		</tr>
	);
}

/** The user name: described in words until the address is known, then the text to type. */
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
					<LoginDescription translator={translator} template={template} domain={config.domain} />
				</span>
			</td>
			<td class="act">
				<CopyValueButton translator={translator} of={`${of}, ${name}`} />
			</td>
		</tr>
	);
}

function LoginDescription({
	translator,
	template,
	domain,
}: {
	readonly translator: Translator;
	readonly template: string;
	readonly domain: EmailAddress['domain'];
}) {
	if (template === ADDRESS_PLACEHOLDER) return <>{translator.text('userAddress')}</>;
	if (template === LOCAL_PART_PLACEHOLDER) return <>{translator.text('userLocal')}</>;
	return (
		<Message
			translator={translator}
			id="userOther"
			values={{ example: fillAddress(template, { local: 'you', domain, text: `you@${domain}` }) }}
		/>
	);
}

function CopyValueButton({ translator: { text }, of }: { readonly translator: Translator; readonly of: string }) {
	return (
		<button type="button" class="copy" hidden data-copied={text('copied')} aria-label={text('copyWhat', { what: of })}>
			{text('copy')}
		</button>
	);
}
