/** The one field of the page. It is posted where there are no scripts, and never part of a URL. */
import type { EmailAddress } from '../../model/names.ts';
import type { MessageKey } from './languages.ts';
import type { Translator } from './message.tsx';
import { LeftToRight, toUnicodeDomain } from './message.tsx';

/** Other controls of the page, the choices and the languages, belong to this form, so that nothing is lost when it is sent. */
export const ADDRESS_FORM_ID = 'address-form';

interface AddressFormProps {
	readonly translator: Translator;
	readonly path: string;
	readonly domain: string | null;
	readonly address: EmailAddress | null;
	readonly error: Extract<MessageKey, `address${string}`> | null;
}

export function AddressForm({ translator: { language, text }, path, domain, address, error }: AddressFormProps) {
	const example = `you@${toUnicodeDomain(domain ?? 'example.com')}`;
	const said = error === null ? '' : text(error, { example, domain: toUnicodeDomain(domain ?? '') });
	return (
		<form
			id={ADDRESS_FORM_ID}
			class="card address"
			method="post"
			action={path}
			data-domain={domain}
			data-bad={text('addressBad', { example })}
			data-done={text('addressDone')}
		>
			<input type="hidden" name="lang" value={language} />
			<label for="address">{text('addressLabel')}</label>
			<div class="field">
				<input
					id="address"
					name="address"
					type="email"
					dir="ltr"
					required
					maxlength={320}
					autocomplete="email"
					autocapitalize="none"
					spellcheck={false}
					placeholder={example}
					value={address?.text}
					aria-describedby="address-hint address-said"
					aria-invalid={error === null ? undefined : 'true'}
				/>
				<button type="submit">{text(domain === null ? 'addressButtonAny' : 'addressButton')}</button>
			</div>
			<p id="address-said" class={error === null ? 'said' : 'said bad'} role="status">
				{address === null ? said : <AddressConfirmation text={text('addressDone')} address={address.text} />}
			</p>
			<p id="address-hint" class="hint">
				{text('addressHint')}
			</p>
		</form>
	);
}

function AddressConfirmation({ text, address }: { readonly text: string; readonly address: string }) {
	const [before, after] = text.split('{address}');
	return (
		<>
			{before}
			<LeftToRight>{address}</LeftToRight>
			{after}
		</>
	);
}
