/** The TXT records of the protocols of this service: to which protocol one belongs, and when two have the same meaning. */

/** Which protocol reads a text; null where none does. RFC 8461 §3.1, RFC 8460 §3, draft-ietf-mailmaint-pacc §5, RFC 6764 §4. */
export type TxtProtocol = 'mta-sts' | 'tls-rpt' | 'pacc' | 'dav-path';

const VERSION_TAGS = { stsv1: 'mta-sts', tlsrptv1: 'tls-rpt', uaac1: 'pacc' } as const satisfies Record<string, TxtProtocol>;

/** @param data in presentation form, with quotes */
export function txtProtocolOf(data: string): TxtProtocol | null {
	if (/^"path=/i.test(data)) return 'dav-path';
	const version = /^"v\s*=\s*([a-z0-9]+)\s*(?:;|"|$)/i.exec(data)?.[1]?.toLowerCase();
	const known = Object.entries(VERSION_TAGS).find(([tag]) => tag === version);
	return known === undefined ? null : known[1];
}

/** Whether two texts say the same: blanks around the fields and a last semicolon mean nothing, nor does the order of reporting places. */
export function isSameText(one: string, other: string): boolean {
	return one === other || canonicalText(one) === canonicalText(other);
}

function canonicalText(data: string): string {
	const protocol = txtProtocolOf(data);
	if (protocol === null || protocol === 'dav-path') return data;
	return textFields(data)
		.map(
			([name, value]) =>
				`${name}=${
					protocol === 'tls-rpt' && name === 'rua'
						? value
								.split(',')
								.map((place) => place.trim())
								.sort()
								.join(',')
						: value
				}`,
		)
		.join(';');
}

/** The fields of a text such as `"v=STSv1; id=7"`, in their order, names in lower case. */
function textFields(data: string): readonly (readonly [name: string, value: string])[] {
	return data
		.replace(/^"|"$/g, '')
		.replaceAll('" "', '')
		.split(/\\?;/)
		.map((field) => field.trim())
		.filter((field) => field !== '')
		.map((field): readonly [string, string] => {
			const at = field.indexOf('=');
			return at < 0 ? [field.toLowerCase(), ''] : [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
		});
}

/** The id of an MTA-STS text (RFC 8461 §3.1: 1 to 32 letters and digits); null where it has no valid one. */
export function mtaStsId(data: string): string | null {
	const id = textFields(data).find(([name]) => name === 'id')?.[1] ?? '';
	return /^[a-zA-Z0-9]{1,32}$/.test(id) ? id : null;
}

/** Ids that this service makes are 20 hexadecimal digits: one of them that is not the present one belongs to another policy. */
export function isGeneratedMtaStsId(id: string): boolean {
	return /^[0-9a-f]{20}$/.test(id);
}
