/** Parses Dovecot's configuration as Dovecot does: settings, blocks, included files (doc.dovecot.org, "Config file syntax"). */

export interface DovecotBlock {
	/** `service imap-login` is kind `service`, name `imap-login`; the file itself has neither. */
	readonly kind: string;
	readonly name: string;
	readonly settings: ReadonlyMap<string, string>;
	readonly blocks: readonly DovecotBlock[];
}

export interface DovecotConfig extends DovecotBlock {
	/** Lines with which Dovecot refuses to start. */
	readonly invalidLines: readonly InvalidLine[];
	/** Files that are included and could not be read. */
	readonly unreadIncludes: readonly string[];
	/** Settings whose value refers to a setting or variable that is not known. */
	readonly unresolved: readonly string[];
}

export interface InvalidLine {
	readonly line: string;
	readonly reason: string;
}

/** Reads the files that an `!include` names; null where there are none, or they cannot be read. */
export type IncludeReader = (pattern: string, from: string) => readonly IncludedFile[] | null;

export interface IncludedFile {
	readonly path: string;
	readonly text: string | null;
}

interface MutableBlock {
	readonly kind: string;
	readonly name: string;
	readonly settings: Map<string, string>;
	readonly blocks: MutableBlock[];
}

interface Parsing {
	readonly root: MutableBlock;
	readonly stack: MutableBlock[];
	readonly invalidLines: InvalidLine[];
	readonly unreadIncludes: string[];
	readonly unresolved: Set<string>;
	readonly include: IncludeReader;
}

/** The greatest depth of nested blocks and included files; no real configuration is deeper. */
const MAX_DEPTH = 20;

/** Parses a configuration. Later settings replace earlier ones; blocks of the same name are all kept, in their order. */
export function parseDovecot(text: string, path = '', include: IncludeReader = () => null): DovecotConfig {
	const root: MutableBlock = { kind: '', name: '', settings: new Map(), blocks: [] };
	const parsing: Parsing = { root, stack: [root], invalidLines: [], unreadIncludes: [], unresolved: new Set(), include };
	parseLines({ path, text }, parsing, []);
	if (parsing.stack.length > 1)
		parsing.invalidLines.push({ line: `${parsing.stack.at(-1)?.kind ?? ''} {`, reason: 'the block is not closed' });
	const { invalidLines, unreadIncludes, unresolved } = parsing;
	return { ...root, invalidLines, unreadIncludes, unresolved: [...unresolved] };
}

function parseLines({ path, text }: IncludedFile, parsing: Parsing, open: readonly string[]): void {
	if (text === null) return;
	let continued = '';
	for (const raw of text.split(/\r?\n/)) {
		const piece = stripComment(raw).trim();
		// A line that ends with a backslash continues on the next line.
		if (piece.endsWith('\\')) {
			continued += `${piece.slice(0, -1).trimEnd()} `;
			continue;
		}
		const line = (continued + piece).trim();
		continued = '';
		if (line !== '') parseLine(line, path, parsing, open);
	}
}

function parseLine(line: string, path: string, parsing: Parsing, open: readonly string[]): void {
	const { stack, invalidLines } = parsing;
	const top = stack.at(-1) ?? parsing.root;
	const [, tries, pattern] = /^!include(_try)?\s+(\S+)$/.exec(line) ?? [];
	if (pattern !== undefined) {
		const files = open.length < MAX_DEPTH ? parsing.include(unquote(pattern), path) : null;
		// It is no fault if an `!include_try`, or an `!include` with a pattern, matches no file.
		if (files === null && tries === undefined) parsing.unreadIncludes.push(pattern);
		for (const file of files ?? []) {
			if (file.text === null) parsing.unreadIncludes.push(file.path);
			else if (file.path !== path && !open.includes(file.path)) parseLines(file, parsing, [...open, path]);
		}
	} else if (line === '}') {
		if (stack.length > 1) stack.pop();
		else invalidLines.push({ line, reason: 'closes no block' });
	} else if (line.endsWith('{') && !/^[^\s{]+\s*=/.test(line)) openBlock(line.slice(0, -1).trim(), parsing);
	else if (/^[^\s={]+\s*=/.test(line)) assignSetting(line, top, parsing);
	else parseCompactBlock(line, parsing);
}

/**
 * `inet_listener imaps { port = 993 }` on one line: Dovecot 2.3 and 2.4 refuse to start with it ("Garbage after '{'"). It is read as it
 * is meant all the same, so that the rest of the file is.
 */
function parseCompactBlock(line: string, parsing: Parsing): void {
	const [, head, body] = /^([^{}]*)\{(.*)\}$/.exec(line) ?? [];
	parsing.invalidLines.push({ line, reason: head === undefined ? 'is neither a setting nor a block' : 'a block needs lines of its own' });
	if (head === undefined || body === undefined || body.includes('{')) return;
	openBlock(head.trim(), parsing);
	if (body.includes('=')) assignSetting(body.trim(), parsing.stack.at(-1) ?? parsing.root, parsing);
	if (parsing.stack.length > 1) parsing.stack.pop();
}

function openBlock(head: string, { stack }: Parsing): void {
	const top = stack.at(-1);
	if (stack.length > MAX_DEPTH || top === undefined) return;
	const [kind = '', ...name] = head.split(/\s+/);
	const block: MutableBlock = { kind, name: unquote(name.join(' ')), settings: new Map(), blocks: [] };
	top.blocks.push(block);
	stack.push(block);
}

function assignSetting(line: string, block: MutableBlock, parsing: Parsing): void {
	const at = line.indexOf('=');
	const name = line.slice(0, at).trim();
	let text = line.slice(at + 1).trim();
	// Dovecot reads a closing brace after a setting as part of the value, but the author meant to close the block.
	const closes = /\s\}$/.test(text) && !text.includes('{');
	if (closes) {
		parsing.invalidLines.push({ line, reason: 'a closing brace needs a line of its own' });
		text = text.slice(0, -1).trimEnd();
	}
	// `protocols = $protocols sieve` adds to what was set before (2.3); 2.4 writes $SET:name. $ENV:NAME is the environment's.
	const value = unquote(text).replace(/\$(?:(SET|ENV):)?([A-Za-z0-9_]+)/g, (_, source: string | undefined, key: string) => {
		const known = source === 'ENV' ? undefined : (block.settings.get(key) ?? parsing.root.settings.get(key));
		if (known === undefined && !(key === name && source === undefined)) parsing.unresolved.add(name);
		return known ?? '';
	});
	block.settings.set(name, value.trim());
	if (closes && parsing.stack.length > 1) parsing.stack.pop();
}

/** Removes a comment: # begins one anywhere outside quotes. Where no blank precedes it, Dovecot warns but still reads it as a comment. */
function stripComment(line: string): string {
	let quote = '';
	for (let at = 0; at < line.length; at += 1) {
		const character = line[at];
		if (quote !== '' && character === '\\') at += 1;
		else if (quote !== '') quote = character === quote ? '' : quote;
		else if ((character === '"' || character === "'") && line.indexOf(character, at + 1) > 0) quote = character;
		else if (character === '#') return line.slice(0, at);
	}
	return line;
}

function unquote(value: string): string {
	return /^(["']).*\1$/s.test(value) && value.length > 1
		? value
				.slice(1, -1)
				.replace(/\\(["'\\])/g, '$1')
				.trim()
		: value;
}

/** The blocks of a kind and name, in their order. */
export function blocksOf(block: DovecotBlock, kind: string, name: string): readonly DovecotBlock[] {
	return block.blocks.filter((each) => each.kind === kind && each.name === name);
}
