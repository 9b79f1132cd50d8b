/** Renders the text of `signpost COMMAND --help`: how to call the command, each option on a line of its own, and examples. */
import type { ArgDef, ArgsDef } from 'citty';
import { columns, paint } from './terminal.ts';

export function renderHelp(command: string, description: string, args: ArgsDef, lesson: string): string {
	const entries = Object.entries(args);
	const places = entries.filter(([, { type }]) => type === 'positional');
	const options = entries.filter(([, { type }]) => type !== 'positional');
	const words = places.map(([name, { required, valueHint }]) => {
		const word = valueHint ?? name.toUpperCase();
		return required === false ? `[${word}]` : word;
	});
	const usage = [`signpost ${command}`, ...words, ...(options.length > 0 ? ['[options]'] : [])].join(' ');
	const rows = [
		...places.map(([name, def]) => [`  ${def.valueHint ?? name.toUpperCase()}`, def.description ?? '']),
		...options.map(([name, def]) => [`  --${name}${valuePlaceholder(def)}`, describeOption(def)]),
	];
	return `${description}\n\n${paint('bold', 'Usage:')} ${usage}\n\n${columns(rows)}\n${lesson}`;
}

function valuePlaceholder({ type, valueHint }: ArgDef): string {
	if (type === 'boolean') return '';
	return ` ${valueHint ?? (type === 'enum' ? 'NAME' : 'TEXT')}`;
}

function describeOption(def: ArgDef): string {
	const choices = def.type === 'enum' && def.options !== undefined ? `: ${def.options.join(', ')}` : '';
	const preset = def.default === undefined || def.default === '' || def.default === false ? '' : ` (default ${def.default})`;
	return `${def.description ?? ''}${choices}${preset}`;
}
