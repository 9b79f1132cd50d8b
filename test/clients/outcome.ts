/** The account that a client ends up with. */

export interface ServerSettings {
	readonly kind: string;
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls' | 'cleartext';
	/** The login as the client would send it; null where it takes the address by itself or asks the user. */
	readonly login: string | null;
}

export interface Account {
	readonly incoming: ServerSettings;
	readonly outgoing: ServerSettings;
}

/** The result of a client's discovery: an account, or the reason why there is none. */
export type Outcome = Account | { readonly rejected: string };

export function rejected(reason: string): Outcome {
	return { rejected: reason };
}

/** Fills in Mozilla's placeholders, as those clients do that know all three. */
export function fillPlaceholders(text: string, address: string): string {
	const [local = '', domain = ''] = address.split('@');
	return text.replaceAll('%EMAILADDRESS%', address).replaceAll('%EMAILLOCALPART%', local).replaceAll('%EMAILDOMAIN%', domain);
}
