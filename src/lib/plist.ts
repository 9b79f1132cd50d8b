import { renderXml, type XmlElement, xml } from './xml.ts';

/** A value of a property list. Entries of a dictionary that are null are left out; numbers must be integers. */
export type Plist = string | number | boolean | readonly Plist[] | { readonly [key: string]: Plist | null };

const DOCTYPE = '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

/** Prints an XML property list, keys in the order given. */
export function renderPlist(root: Plist): string {
	return renderXml(xml('plist', { version: '1.0' }, plistElement(root)), DOCTYPE);
}

function plistElement(value: Plist): XmlElement {
	if (typeof value === 'string') return xml('string', {}, value);
	if (typeof value === 'number') return xml('integer', {}, String(value));
	if (typeof value === 'boolean') return xml(String(value), {});
	if (isList(value)) return xml('array', {}, ...value.map(plistElement));
	return xml(
		'dict',
		{},
		...Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [xml('key', {}, key), plistElement(entry)])),
	);
}

// Array.isArray does not narrow readonly arrays.
function isList(value: readonly Plist[] | { readonly [key: string]: Plist | null }): value is readonly Plist[] {
	return Array.isArray(value);
}
