/** The value of a Postfix setting for one service, with `$name` and its conditional forms filled in (postconf(5)). */

import type { MainCf, MasterCfService } from './parse-postfix.ts';
import { POSTFIX_DEFAULTS } from './postfix-settings.ts';

/** Where the value of a setting comes from. */
export type SettingOrigin = 'override' | 'main' | 'default';

export interface SettingReader {
	/** The expanded value. */
	readonly value: (name: string) => string;
	/**
	 * The expanded value of a setting in which names without a value do not matter, such as the host's own name in a list of domains; they
	 * are left out.
	 */
	readonly knownPart: (name: string) => string;
	readonly origin: (name: string) => SettingOrigin;
	/** Names that were referred to and have no value here, each with the setting that does so. */
	readonly unresolved: () => readonly (readonly [setting: string, name: string])[];
}

export function createSettingReader(main: MainCf, service: MasterCfService): SettingReader {
	const unresolved = new Map<string, readonly [setting: string, name: string]>();
	const raw = (name: string): string | undefined => {
		if (name === 'service_name') return service.name;
		if (name === 'process_name') return service.command;
		return service.overrides.get(name) ?? main.get(name) ?? POSTFIX_DEFAULTS.get(name);
	};
	return {
		knownPart: (name) => expandSetting(raw(name) ?? '', raw).trim(),
		value: (name) =>
			expandSetting(raw(name) ?? '', (inner) => {
				const found = raw(inner);
				if (found === undefined) unresolved.set(`${name} ${inner}`, [name, inner]);
				return found;
			}).trim(),
		origin: (name) => (service.overrides.has(name) ? 'override' : main.has(name) ? 'main' : 'default'),
		unresolved: () => [...unresolved.values()],
	};
}

/** The greatest depth of nested references, which also ends circular ones. Postfix itself stops at 100. */
const MAX_DEPTH = 20;
/** The greatest length of a value: one that refers to itself twice doubles with every step. */
const MAX_LENGTH = 20_000;

/** @param lookup the unexpanded value of a name; undefined where it has none, which stands for nothing */
export function expandSetting(text: string, lookup: (name: string) => string | undefined, depth = 0): string {
	if (depth > MAX_DEPTH || text.length > MAX_LENGTH) return '';
	let out = '';
	for (let at = 0; at < text.length && out.length <= MAX_LENGTH; ) {
		const dollar = text.indexOf('$', at);
		if (dollar < 0) return out + text.slice(at);
		out += text.slice(at, dollar);
		const rest = text.slice(dollar + 1);
		const [plain] = /^[A-Za-z0-9_]+/.exec(rest) ?? [];
		if (plain !== undefined) {
			out += expandSetting(lookup(plain) ?? '', lookup, depth + 1);
			at = dollar + 1 + plain.length;
		} else if (rest.startsWith('{') || rest.startsWith('(')) {
			const body = balancedBody(rest);
			if (body === null) return out;
			out += expandReference(body, lookup, depth + 1);
			at = dollar + 1 + body.length + 2;
		} else {
			// `$$` stands for one dollar sign.
			out += '$';
			at = dollar + (rest.startsWith('$') ? 2 : 1);
		}
	}
	return out;
}

/** The text within the bracket with which the text begins; null where the bracket is not closed. */
function balancedBody(text: string): string | null {
	const [open, close] = text.startsWith('{') ? ['{', '}'] : ['(', ')'];
	let depth = 0;
	for (let at = 0; at < text.length; at += 1) {
		if (text[at] === open) depth += 1;
		else if (text[at] === close) depth -= 1;
		if (depth === 0) return text.slice(1, at);
	}
	return null;
}

/** `name`, `name?text`, `name:text`, `name?{text}:{text}`, `{left} operator {right} ? {text} : {text}`. */
function expandReference(body: string, lookup: (name: string) => string | undefined, depth: number): string {
	const [whole, name] = /^\s*([A-Za-z0-9_]+)\s*/.exec(body) ?? [];
	const expand = (text: string) => expandSetting(text, lookup, depth);
	if (whole !== undefined && name !== undefined) {
		const rest = body.slice(whole.length);
		if (rest === '') return expand(lookup(name) ?? '');
		// A test for a value may name a setting that is not set, which counts as empty.
		return chooseBranch(expand(lookup(name) ?? '') !== '', rest, expand);
	}
	const left = leadingGroup(body);
	if (left === null) return '';
	const [operatorText, operator] = /^\s*([<>=!]+(?:level)?)\s*/.exec(left.rest) ?? [];
	if (operatorText === undefined || operator === undefined) return '';
	const right = leadingGroup(left.rest.slice(operatorText.length));
	if (right === null) return '';
	const level = operator.endsWith('level');
	const holds = compare(expand(left.group).trim(), expand(right.group).trim(), operator.replace('level', ''), level);
	return right.rest.trim() === '' ? (holds ? 'bool:true' : '') : chooseBranch(holds, right.rest.trim(), expand);
}

function leadingGroup(text: string): { readonly group: string; readonly rest: string } | null {
	const trimmed = text.trimStart();
	if (!trimmed.startsWith('{')) return null;
	const group = balancedBody(trimmed);
	return group === null ? null : { group, rest: trimmed.slice(group.length + 2) };
}

/** `?yes`, `:no`, `?{yes}`, `?{yes}:{no}`, `:{no}`. */
function chooseBranch(holds: boolean, text: string, expand: (text: string) => string): string {
	const operator = text[0];
	const rest = text.slice(1);
	const braced = leadingGroup(rest);
	if (operator === ':') return holds ? '' : expand(braced?.group ?? rest);
	if (operator !== '?') return '';
	if (braced === null) return holds ? expand(rest) : '';
	if (holds) return expand(braced.group);
	const after = braced.rest.trimStart();
	if (!after.startsWith(':')) return '';
	return expand(leadingGroup(after.slice(1))?.group ?? after.slice(1));
}

/** Compares numbers as numbers, versions such as 3.6 part by part, and anything else as text (postconf(5)). */
function compare(left: string, right: string, operator: string, level: boolean): boolean {
	const numeric = /^\d+$/.test(left) && /^\d+$/.test(right);
	const order = level ? compareLevels(left, right) : numeric ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
	switch (operator) {
		case '==':
			return order === 0;
		case '!=':
			return order !== 0;
		case '<':
			return order < 0;
		case '<=':
			return order <= 0;
		case '>':
			return order > 0;
		case '>=':
			return order >= 0;
		default:
			return false;
	}
}

function compareLevels(left: string, right: string): number {
	const [one, other] = [left, right].map((text) => text.split('.').map((part) => Number(part) || 0));
	for (const at of [0, 1, 2]) {
		const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
