/**
 * Postfix's configuration as Postfix reads it (postconf(5), master(5)), from its files or from what postconf prints of them:
 * `postconf -n` (main.cf), `postconf -M` (master.cf) and `postconf -P` (the -o settings of services).
 */
import { SMTP_PORT, SOCKET_SERVICES } from '../../../model/service-ports.ts';

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
	/** Arguments after the command that are not options; Postfix's daemons refuse to start with them. */
	readonly strayArguments: readonly string[];
}

export interface PostfixFiles {
	readonly main: MainCf;
	readonly services: readonly MasterCfService[];
	/** Lines that are neither a setting nor a service. */
	readonly unreadLines: readonly string[];
	/** Services that occur twice, with different settings. */
	readonly repeatedServices: readonly string[];
}

const SERVICE_TYPES = ['inet', 'unix', 'unix-dgram', 'fifo', 'pass'];

/**
 * Lines with their continuations: one that begins with white space goes on with the one before; empty lines and comments stand between
 * without ending it (postconf(5), "The general format of the main.cf file"). A # within a line is no comment.
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

/** @param texts files, or what postconf printed, in any order; within one kind, a later line wins */
export function parsePostfix(texts: readonly string[]): PostfixFiles {
	const main = new Map<string, string>();
	const services = new Map<string, MasterCfService>();
	const printedOverrides: (readonly [service: string, name: string, value: string])[] = [];
	const unreadLines: string[] = [];
	const repeatedServices: string[] = [];
	for (const line of texts.flatMap(logicalLines)) {
		const { name: left, value } = parseAssignment(line);
		// "submission/inet/smtpd_tls_security_level = encrypt", as postconf -P prints it; a service's name may have a slash of its own.
		const parts = left.split('/');
		const parameter = parts.pop() ?? '';
		const serviceType = parts.pop() ?? '';
		const serviceName = parts.join('/');
		const name = PARAMETER_NAME.test(left) ? left : undefined;
		const service = parseMasterCfLine(line);
		if (/^\S+$/.test(serviceName) && PARAMETER_NAME.test(parameter) && SERVICE_TYPES.includes(serviceType))
			printedOverrides.push([`${serviceName}/${serviceType}`, parameter, value]);
		else if (name !== undefined) main.set(name, value);
		else if (service !== null) {
			const key = `${service.name}/${service.type}`;
			const earlier = services.get(key);
			if (earlier !== undefined && !isSameService(earlier, service)) repeatedServices.push(key);
			services.set(key, service);
		} else unreadLines.push(line);
	}
	for (const [key, name, value] of printedOverrides) {
		const service = services.get(key);
		if (service === undefined) unreadLines.push(`${key}/${name} = ${value}`);
		else services.set(key, { ...service, overrides: new Map(service.overrides).set(name, value) });
	}
	return { main, services: [...services.values()], unreadLines, repeatedServices };
}

function isSameService(one: MasterCfService, other: MasterCfService): boolean {
	const text = ({ command, overrides }: MasterCfService) => JSON.stringify([command, [...overrides].sort()]);
	return text(one) === text(other);
}

/** Parses a line of master.cf: seven columns, then the command with its arguments (master(5)); null where the line has another form. */
function parseMasterCfLine(line: string): MasterCfService | null {
	const [name, type, , , , , , command, ...rest] = splitWords(line);
	if (name === undefined || type === undefined || command === undefined || !SERVICE_TYPES.includes(type)) return null;
	const overrides = new Map<string, string>();
	const strayArguments: string[] = [];
	for (let at = 0; at < rest.length; at += 1) {
		const word = rest[at] ?? '';
		// `-o name=value`, `-oname=value`, and both with braces around a setting that has blanks (Postfix 3.0 and later).
		const option = word === '-o' ? rest[++at] : /^-o(.+)$/s.exec(word)?.[1];
		if (option !== undefined) {
			const isBraced = option.startsWith('{');
			const { name: key, value } = parseAssignment(isBraced ? option.slice(1, option.endsWith('}') ? -1 : undefined) : option);
			if (PARAMETER_NAME.test(key)) overrides.set(key, value);
			else strayArguments.push(option);
		} else if (!word.startsWith('-')) strayArguments.push(word);
	}
	return { name, type, command, overrides, strayArguments };
}

const PARAMETER_NAME = /^[A-Za-z0-9_]+$/;

/** "name = value"; the name is empty where the text has no "=". */
function parseAssignment(text: string): { readonly name: string; readonly value: string } {
	const equals = text.indexOf('=');
	return equals < 0 ? { name: '', value: '' } : { name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() };
}

/** Splits at white space, but not within braces. */
function splitWords(line: string): readonly string[] {
	const words: string[] = [];
	let word = '';
	let depth = 0;
	for (const character of line) {
		if (depth === 0 && /\s/.test(character)) {
			if (word !== '') words.push(word);
			word = '';
			continue;
		}
		if (character === '{') depth += 1;
		else if (character === '}' && depth > 0) depth -= 1;
		word += character;
	}
	return word === '' ? words : [...words, word];
}

const { implicit: SUBMISSIONS_PORT, starttls: SUBMISSION_PORT } = SOCKET_SERVICES.submission;

// The names of ports in services(5), any of which master.cf may use. RFC 8314 §7.3 made "submissions" the name of 465.
const PORTS_BY_SERVICE_NAME: ReadonlyMap<string, number> = new Map([
	['smtp', SMTP_PORT],
	['smtps', SUBMISSIONS_PORT],
	['ssmtp', SUBMISSIONS_PORT],
	['submissions', SUBMISSIONS_PORT],
	['urd', SUBMISSIONS_PORT],
	['submission', SUBMISSION_PORT],
	['msa', SUBMISSION_PORT],
]);

/** The port that an inet service listens on; null where its name is not known. */
export function listeningPort({ name, type }: MasterCfService): number | null {
	if (type !== 'inet') return null;
	const last = name.slice(name.lastIndexOf(':') + 1);
	return /^\d+$/.test(last) ? Number(last) : (PORTS_BY_SERVICE_NAME.get(last) ?? null);
}

/** The address that an inet service is bound to; null where it listens on all of `inet_interfaces`. */
export function listeningAddress({ name }: MasterCfService): string | null {
	const [, address] = /^\[?(.*?)\]?:[^:]+$/.exec(name) ?? [];
	return address === undefined || address === '' ? null : address;
}
