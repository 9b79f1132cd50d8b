/** Rows of a table of settings. The copy buttons need the page's script, which shows them. */
import type { EmailAddress } from '../../model/names.ts';
import { ADDRESS_PLACEHOLDER, fillAddress, fillAddressIntoUrl, LOCAL_PART_PLACEHOLDER } from '../../model/placeholders.ts';
import type { Translator } from './languages.ts';
import { BreakableName, Message } from './message.tsx';
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
					<BreakableName text={value} />
				</code>
			</td>
			<td class="act">
				<CopyValueButton translator={translator} of={label} />
			</td>
		</tr>
	);
}

/** A URL with the user in it: an example until the address is known, then the user's own. */
export function UserUrlRow({ view, name, template }: { readonly view: SetupView; readonly name: string; readonly template: string }) {
	const { translator, address, config } = view;
	const url = address === null ? null : fillAddressIntoUrl(template, address);
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>
				<code dir="ltr" data-value data-url={template} hidden={url === null}>
					{url}
				</code>
				<span class="soft" data-without hidden={address !== null}>
					<Message
						translator={translator}
						id="userOther"
						values={{ example: fillAddressIntoUrl(template, exampleAddress(config.domain)) ?? '' }}
					/>
				</span>
			</td>
			<td class="act">
				<CopyValueButton translator={translator} of={name} />
			</td>
		</tr>
	);
}

function exampleAddress(domain: EmailAddress['domain']): EmailAddress {
	return { local: 'you', domain, text: `you@${domain}` };
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
	return <Message translator={translator} id="userOther" values={{ example: fillAddress(template, exampleAddress(domain)) }} />;
}

function CopyValueButton({ translator: { text }, of }: { readonly translator: Translator; readonly of: string }) {
	return (
		<button type="button" class="copy" hidden data-copied={text('copied')} aria-label={text('copyWhat', { what: of })}>
			{text('copy')}
		</button>
	);
}
