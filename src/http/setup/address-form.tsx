/** The only field of the page. Without a script the form is posted; with one, the page is filled in without sending the address. */
import { type EmailAddress, MAX_ADDRESS_LENGTH } from '../../model/names.ts';
import { toUnicodeDomain } from '../../model/unicode-domain.ts';
import type { MessageKey, Translator } from './languages.ts';
import { LeftToRight } from './message.tsx';

/** The id of the form. The choice of a device and the languages belong to it too, so that posting it loses none of them. */
export const ADDRESS_FORM_ID = 'address-form';

interface AddressFormProps {
	readonly translator: Translator;
	readonly path: string;
	/** Null on the page that serves every domain. */
	readonly domain: string | null;
	readonly address: EmailAddress | null;
	/** What was typed, where it was refused. */
	readonly typed: string;
	readonly error: Extract<MessageKey, `address${string}`> | null;
}

export function AddressForm({ translator: { language, text }, path, domain, address, typed, error }: AddressFormProps) {
	const example = `you@${toUnicodeDomain(domain ?? 'example.com')}`;
	const values = { example, domain: toUnicodeDomain(domain ?? '') };
	const message = error === null ? '' : text(error, values);
	return (
		<form
			id={ADDRESS_FORM_ID}
			class="card address"
			method="post"
			action={path}
			data-domain={domain}
			data-bad={text('addressBad', values)}
			data-other={text('addressOther', values)}
			data-unknown={text('addressUnknown')}
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
					// The longest address there is (RFC 5321 §4.5.3.1): what parseEmailAddress accepts.
					maxlength={MAX_ADDRESS_LENGTH}
					autocomplete="email"
					autocapitalize="none"
					spellcheck={false}
					placeholder={example}
					value={address?.text ?? typed}
					aria-describedby="address-hint address-said"
					aria-invalid={error === null ? undefined : 'true'}
				/>
				<button type="submit">{text(domain === null ? 'addressButtonAny' : 'addressButton')}</button>
			</div>
			<p id="address-said" class={error === null ? 'said' : 'said bad'} role="status">
				{address === null ? message : <AddressConfirmation text={text('addressDone')} address={address.text} />}
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
