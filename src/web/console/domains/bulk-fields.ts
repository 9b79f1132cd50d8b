/** The fields that can be changed in many records at once, and the merge patch (RFC 7396) of each change. No I/O. */
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { fieldLabel } from '../form/field-metadata.ts';

export interface BulkField {
	readonly path: string;
	readonly title: string;
	readonly help: string;
}

/** Emptied, these are removed from the records that have them. */
const TEXT_PATHS = [
	'provider.name',
	'provider.shortName',
	'provider.website',
	'provider.help',
	'provider.logo',
	'provider.colour',
	'login',
	'services.imap.host',
	'services.pop3.host',
	'services.submission.host',
	'services.caldav.url',
	'services.carddav.url',
	'mtaSts.mode',
] as const;

/** The end of the fallback, which is what is changed most often in many records. */
export const FALLBACK_PATH = 'services.submission.starttls';

const { starttls: FALLBACK_PORT } = SOCKET_SERVICES.submission;

export const BULK_FIELDS: readonly BulkField[] = [
	{ path: FALLBACK_PATH, title: fieldLabel(FALLBACK_PATH), help: '' },
	...TEXT_PATHS.map((path) => ({ path, title: fieldLabel(path), help: 'Empty: the field is removed.' })),
];

export const FALLBACK_CHOICES = [
	['until', `Offer ${FALLBACK_PORT} until a day`],
	['always', `Offer ${FALLBACK_PORT}, with no end`],
	['none', 'Do not offer a fallback'],
] as const;
export type FallbackChoice = (typeof FALLBACK_CHOICES)[number][0];

/** The patch for a text; null removes the field. */
export function textPatch(path: string, text: string): Readonly<Record<string, unknown>> {
	return nested(path, text === '' ? null : text);
}

/** @param until UTC day, YYYY-MM-DD; for the choice `until` alone */
export function fallbackPatch(choice: FallbackChoice, until: string): Readonly<Record<string, unknown>> {
	switch (choice) {
		case 'until':
			return nested(FALLBACK_PATH, { port: FALLBACK_PORT, until });
		case 'always':
			// The port alone takes the place of a port with an end.
			return nested(FALLBACK_PATH, FALLBACK_PORT);
		case 'none':
			return nested(FALLBACK_PATH, false);
	}
}

function nested(path: string, value: unknown): Readonly<Record<string, unknown>> {
	const [key = '', ...rest] = path.split('.');
	return { [key]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}
