/** The one field of the page. It is posted where there are no scripts, and never part of a URL. */
import type { EmailAddress } from '../../model/names.ts';
import type { MessageKey } from './languages.ts';
import type { Texts } from './texts.tsx';
import { Ltr, readable } from './texts.tsx';

/** Other controls of the page, the choices and the languages, belong to this form, so that nothing is lost when it is sent. */
export const FORM = 'address-form';

interface FormProps {
	readonly texts: Texts;
	readonly path: string;
	readonly domain: string | null;
	readonly address: EmailAddress | null;
	readonly error: Extract<MessageKey, `address${string}`> | null;
}

export function AddressForm({ texts: { language, text }, path, domain, address, error }: FormProps) {
	const example = `you@${readable(domain ?? 'example.com')}`;
	const said = error === null ? '' : text(error, { example, domain: readable(domain ?? '') });
	return (
		<form
			id={FORM}
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
				{address === null ? said : <Filled text={text('addressDone')} address={address.text} />}
			</p>
			<p id="address-hint" class="hint">
				{text('addressHint')}
			</p>
		</form>
	);
}

function Filled({ text, address }: { readonly text: string; readonly address: string }) {
	const [before, after] = text.split('{address}');
	return (
		<>
			{before}
			<Ltr>{address}</Ltr>
			{after}
		</>
	);
}
