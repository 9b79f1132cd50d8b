import type { ArgsDef } from 'citty';
import { JSON_OPTION } from '../options.ts';

export const API_OPTIONS = {
	api: { type: 'string', valueHint: 'URL', description: 'the service (or SIGNPOST_API); the token stands in SIGNPOST_TOKEN' },
	...JSON_OPTION,
} as const satisfies ArgsDef;

export const FOLDER_OPTIONS = {
	dir: { type: 'string', valueHint: 'FOLDER', default: 'records', description: 'where the files are, one a domain' },
	...API_OPTIONS,
} as const satisfies ArgsDef;

export const NOTE_OPTION = { note: { type: 'string', valueHint: 'TEXT', description: 'why; for the history' } } as const satisfies ArgsDef;
