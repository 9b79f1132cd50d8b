/** Dovecot's configuration as Dovecot reads it: settings, blocks, included files (doc.dovecot.org, "Config file syntax"). */

export interface DovecotBlock {
	/** `service imap-login` is kind `service`, name `imap-login`; the file itself has neither. */
	readonly kind: string;
	readonly name: string;
	readonly settings: ReadonlyMap<string, string>;
	readonly blocks: readonly DovecotBlock[];
}

interface MutableBlock {
	readonly kind: string;
	readonly name: string;
	readonly settings: Map<string, string>;
	readonly blocks: MutableBlock[];
}

/** Blocks within blocks: deeper ones are nothing that Dovecot has. */
const MAX_DEPTH = 20;

/**
 * Reads a file's text; later settings win, and blocks of the same name are kept one after the other.
 * @param include gives the text of what an `!include` names, joined; null where there is nothing
 */
export function parseDovecot(text: string, include: (pattern: string) => string | null = () => null): DovecotBlock {
	const root: MutableBlock = { kind: '', name: '', settings: new Map(), blocks: [] };
	parseLines(text, [root], include, 0);
	return root;
}

function parseLines(text: string, stack: MutableBlock[], include: (pattern: string) => string | null, depth: number): void {
	// A line that ends with a backslash goes on with the next.
	for (const raw of text.replace(/\\\r?\n\s*/g, ' ').split(/\r?\n/)) {
		const line = stripComment(raw).trim();
		const top = stack.at(-1);
		if (line === '' || top === undefined) continue;
		const [, pattern] = /^!include(?:_try)?\s+(\S+)$/.exec(line) ?? [];
		if (pattern !== undefined) {
			if (depth < MAX_DEPTH) parseLines(include(pattern) ?? '', stack, include, depth + 1);
		} else if (line === '}') {
			if (stack.length > 1) stack.pop();
		} else if (line.endsWith('{')) openBlock(line.slice(0, -1).trim(), top, stack);
		else {
			// `inet_listener imaps { port = 993 }` stands on one line too.
			const [, head, body] = /^(.*?)\{(.*)\}$/.exec(line) ?? [];
			if (head !== undefined && body !== undefined) {
				openBlock(head.trim(), top, stack);
				assignSetting(body.trim(), stack.at(-1) ?? top);
				if (stack.length > 1) stack.pop();
			} else assignSetting(line, top);
		}
	}
}

function openBlock(head: string, top: MutableBlock, stack: MutableBlock[]): void {
	if (stack.length > MAX_DEPTH) return;
	const [kind = '', ...name] = head.split(/\s+/);
	const block: MutableBlock = { kind, name: unquote(name.join(' ')), settings: new Map(), blocks: [] };
	top.blocks.push(block);
	stack.push(block);
}

function assignSetting(line: string, block: MutableBlock): void {
	const at = line.indexOf('=');
	if (at <= 0) return;
	// `protocols = $protocols sieve` adds to what was set before.
	const value = unquote(line.slice(at + 1).trim()).replace(/\$([a-z0-9_]+)/g, (_, name: string) => block.settings.get(name) ?? '');
	block.settings.set(line.slice(0, at).trim(), value.trim());
}

// A # begins a comment, but not within quotes, and in a value only behind white space.
function stripComment(line: string): string {
	if (/^\s*#/.test(line)) return '';
	return line.includes('"') ? line : line.replace(/\s#.*$/, '');
}

function unquote(value: string): string {
	return /^".*"$/.test(value) ? value.slice(1, -1).trim() : value;
}

/** Blocks of a kind and name, in their order. */
export function blocksOf(block: DovecotBlock, kind: string, name: string): readonly DovecotBlock[] {
	return block.blocks.filter((each) => each.kind === kind && each.name === name);
}
