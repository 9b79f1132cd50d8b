/** Postfix's configuration files as Postfix reads them: postconf(5), master(5). */

/** The settings of a main.cf. */
export type MainCf = ReadonlyMap<string, string>;

/** A line of master.cf. */
export interface MasterCfService {
	/** The first column: a port by name or number, perhaps behind an address. */
	readonly name: string;
	readonly type: string;
	/** The program, without its arguments. */
	readonly command: string;
	/** Settings given with -o. */
	readonly overrides: ReadonlyMap<string, string>;
}

/**
 * Lines with their continuations: one that begins with white space goes on with the one before; empty lines and comments stand between
 * without ending it (postconf(5), "The general format of the main.cf file").
 */
function logicalLines(text: string): readonly string[] {
	const lines: string[] = [];
	for (const line of text.split(/\r?\n/)) {
		if (/^\s*(#|$)/.test(line)) continue;
		if (/^\s/.test(line) && lines.length > 0) lines.push(`${lines.pop()} ${line.trim()}`);
		else lines.push(line.trim());
	}
	return lines;
}

/** A later line of the same name wins. */
export function parseMainCf(text: string): MainCf {
	const settings = new Map<string, string>();
	for (const line of logicalLines(text)) {
		const [, name, value = ''] = /^([A-Za-z0-9_]+)\s*=\s*(.*)$/.exec(line) ?? [];
		if (name !== undefined) settings.set(name, value.trim());
	}
	return settings;
}

/** Seven columns, then the command and its arguments. `{ name = value }` holds an override with blanks (master(5)). */
export function parseMasterCf(text: string): readonly MasterCfService[] {
	return logicalLines(text).flatMap((line) => {
		const words = line.match(/\{[^}]*\}|\S+/g) ?? [];
		const [name, type, , , , , , command, ...rest] = words;
		if (name === undefined || type === undefined || command === undefined) return [];
		const overrides = new Map<string, string>();
		rest.forEach((word, at) => {
			if (rest[at - 1] !== '-o') return;
			const [, key, value = ''] = /^\{?\s*([A-Za-z0-9_]+)\s*=\s*(.*?)\s*\}?$/.exec(word) ?? [];
			if (key !== undefined) overrides.set(key, value);
		});
		return [{ name, type, command, overrides }];
	});
}

// services(5); master.cf may name a port by any of them. RFC 8314 §7.3 made "submissions" the name of 465.
const PORTS_BY_SERVICE_NAME: Readonly<Record<string, number>> = {
	smtp: 25,
	smtps: 465,
	ssmtp: 465,
	submissions: 465,
	urd: 465,
	submission: 587,
	msa: 587,
};

/** The port that an inet service listens on; null where its name is not known. */
export function listeningPort({ name, type }: MasterCfService): number | null {
	if (type !== 'inet') return null;
	const last = name.slice(name.lastIndexOf(':') + 1);
	return /^\d+$/.test(last) ? Number(last) : (PORTS_BY_SERVICE_NAME[last] ?? null);
}

/** What Postfix does where neither file says (3.6 and later; older ones allow more). */
const MAIN_CF_DEFAULTS: MainCf = new Map([
	['smtpd_tls_wrappermode', 'no'],
	['smtpd_tls_security_level', ''],
	['smtpd_use_tls', 'no'],
	['smtpd_enforce_tls', 'no'],
	['smtpd_tls_auth_only', 'no'],
	['smtpd_sasl_auth_enable', 'no'],
	['smtpd_tls_protocols', '>=TLSv1'],
	['smtpd_tls_mandatory_protocols', '>=TLSv1'],
	['smtpd_tls_chain_files', ''],
	['smtpd_tls_cert_file', ''],
	['syslog_name', 'postfix'],
]);

/** References within references; a ring ends here too. */
const MAX_EXPANSION_DEPTH = 10;

/** A setting as one service sees it: its own -o, else main.cf, else the default, with `$name` and `${name}` filled in. */
export function effectiveSetting(main: MainCf, service: MasterCfService, name: string): string {
	const raw = (key: string) => service.overrides.get(key) ?? main.get(key) ?? MAIN_CF_DEFAULTS.get(key) ?? '';
	let value = raw(name);
	for (let depth = 0; depth < MAX_EXPANSION_DEPTH && value.includes('$'); depth += 1)
		value = value.replace(/\$(?:\{([A-Za-z0-9_]+)\}|\(([A-Za-z0-9_]+)\)|([A-Za-z0-9_]+))/g, (_, a, b, c) => raw(String(a ?? b ?? c)));
	return value.trim();
}

/** Postfix's booleans are yes and no, in any letter case. */
export function isYes(value: string): boolean {
	return value.toLowerCase() === 'yes';
}
