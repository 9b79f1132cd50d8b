/** The options that commands share, so that each means the same everywhere. */
import type { ArgDef, ArgsDef } from 'citty';
import { err, ok, type Result } from '../lib/result.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { PUBLISHED_NAMES_CHOICES, type PublishedNames, parsePublishedNames } from '../model/service-labels.ts';
import type { Failure } from './terminal.ts';

export const JSON_OPTION = { json: { type: 'boolean', description: 'print JSON, for programs' } } as const satisfies ArgsDef;

export const RECORD_OPTIONS = {
	record: { type: 'string', valueHint: 'FILE|DIR|-', description: 'the record: a JSON or YAML file, a folder of them, or - for stdin' },
	api: {
		type: 'string',
		valueHint: 'URL',
		description: 'take the record from this service’s admin API (or SIGNPOST_API; token in SIGNPOST_TOKEN)',
	},
} as const satisfies ArgsDef;

export const API_OPTIONS = {
	api: { type: 'string', valueHint: 'URL', description: 'the service (or SIGNPOST_API); its token is taken from SIGNPOST_TOKEN' },
	...JSON_OPTION,
} as const satisfies ArgsDef;

export const FOLDER_OPTIONS = {
	dir: { type: 'string', valueHint: 'FOLDER', default: 'records', description: 'where the files are, one per domain' },
	...API_OPTIONS,
} as const satisfies ArgsDef;

export const NOTE_OPTION = {
	note: { type: 'string', valueHint: 'TEXT', description: 'the reason, for the history' },
} as const satisfies ArgsDef;

export const SITE_OPTION = {
	site: {
		type: 'string',
		valueHint: 'HOST',
		description: 'host name of your Signpost service, which the CNAME records point to (or SIGNPOST_SITE); with --api the service knows it',
	},
	names: {
		type: 'enum',
		options: [...PUBLISHED_NAMES_CHOICES],
		description: 'which names lead to the service where the record does not say (or SIGNPOST_NAMES): all',
	},
} as const satisfies ArgsDef;

export const DNS_OPTIONS = {
	resolver: { type: 'string', valueHint: 'HOST:PORT', description: 'ask this name server instead of the system’s' },
	timeout: { type: 'string', valueHint: 'SECONDS', default: '10', description: 'how long to wait for one server' },
} as const satisfies ArgsDef;

export const NETWORK_OPTIONS = {
	...DNS_OPTIONS,
	ca: { type: 'string', valueHint: 'FILE', description: 'trust this CA (PEM) too' },
	'connect-to': {
		type: 'string',
		valueHint: 'HOST:PORT:HOST:PORT',
		description: 'connect there instead, as curl does; empty parts match everything; several with commas',
	},
} as const satisfies ArgsDef;

/** What the command line says about DNS: the service's host that records point to, null where it is not given, and which names are published. */
export interface SiteOptions {
	readonly host: Domain | null;
	readonly names: PublishedNames;
}

/** Reads --site and --names, or else the environment variables SIGNPOST_SITE and SIGNPOST_NAMES. */
export function parseSite(args: { readonly site?: string | undefined; readonly names?: string | undefined }): Result<SiteOptions, Failure> {
	const namesText = args.names ?? process.env.SIGNPOST_NAMES ?? '';
	const names = namesText === '' ? 'all' : parsePublishedNames(namesText);
	if (names === null)
		return err({ message: `SIGNPOST_NAMES ${namesText} is no choice of names`, hint: `One of ${PUBLISHED_NAMES_CHOICES.join(', ')}.` });
	const text = args.site ?? process.env.SIGNPOST_SITE ?? '';
	if (text === '') return ok({ host: null, names });
	const host = parseDomain(text);
	return host === null
		? err({ message: `--site ${text} is no host name`, hint: 'Give a name such as signpost.example.net.' })
		: ok({ host, names });
}

/** The failure where DNS records cannot be printed without the service's host. */
export const SITE_MISSING: Failure = {
	message: 'no --site is given',
	hint: 'Give the host name of your service; the CNAME records point to it.',
};

/** Parses a mail domain from the command line. */
export function parseDomainArgument(text: string | undefined): Result<Domain, Failure> {
	const name = text === undefined ? null : parseDomain(text);
	if (name !== null) return ok(name);
	const hint = text?.includes('@') === true ? 'Give the part after the @.' : 'Give a mail domain such as example.org.';
	return err({ message: text === undefined ? 'no domain is given' : `"${text}" is no domain name`, hint });
}

/** Parses --timeout, which is in seconds, to milliseconds. */
export function parseTimeout(args: { readonly timeout?: string | undefined }): Result<number, Failure> {
	const seconds = Number(args.timeout ?? '10');
	if (seconds > 0 && seconds <= 600) return ok(seconds * 1000);
	return err({ message: `--timeout ${args.timeout} is no time`, hint: 'Give seconds, from 0.1 to 600.' });
}

/** Finds an option that the command does not have, which citty would ignore. Null where all are known. */
export function optionsError(words: readonly string[], known: ArgsDef | undefined): string | null {
	const options = Object.entries(known ?? {}).filter(([, { type }]) => type !== 'positional');
	let expectsValue = false;
	for (const word of words) {
		if (word === '--') break;
		if (expectsValue) {
			expectsValue = false;
			continue;
		}
		if (!word.startsWith('-') || word === '-') continue;
		const [name = ''] = word.replace(/^-+/, '').split('=', 1);
		const bare = name.replace(/^no-/, '');
		const found = options.find(([option, def]) => option === name || option === bare || aliasesOf(def).includes(name));
		if (found === undefined) return `there is no option ${word.split('=', 1)[0]}`;
		expectsValue = found[1].type !== 'boolean' && !word.includes('=');
	}
	const last = words[words.length - 1];
	return expectsValue ? `option ${last} needs a value` : null;
}

function aliasesOf(def: ArgDef): readonly string[] {
	return 'alias' in def ? [def.alias ?? []].flat() : [];
}
