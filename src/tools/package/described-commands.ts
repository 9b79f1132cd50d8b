/** The commands of the tool with their options, read from the table that the tool itself runs from. */
import type { ArgDef, ArgsDef } from 'citty';
import { COMMANDS, resolveValue } from '../../cli/command-table.ts';

/** What a shell may offer for an option's value. */
export type ValueKind =
	| { readonly kind: 'none' }
	| { readonly kind: 'choice'; readonly values: readonly string[] }
	| { readonly kind: 'path' }
	| { readonly kind: 'text' };

export interface DescribedOption {
	readonly name: string;
	readonly description: string;
	/** As --help shows it, such as FILE. */
	readonly placeholder: string;
	readonly value: ValueKind;
}

export interface DescribedArgument {
	readonly name: string;
	readonly description: string;
	readonly isRequired: boolean;
	readonly value: ValueKind;
}

export interface DescribedCommand {
	readonly name: string;
	readonly summary: string;
	readonly description: string;
	readonly options: readonly DescribedOption[];
	readonly arguments: readonly DescribedArgument[];
	readonly examples: string;
}

export async function describeCommands(): Promise<readonly DescribedCommand[]> {
	return Promise.all(
		Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
			const { default: command, examples } = await load();
			const meta = await resolveValue(command.meta);
			const args: readonly (readonly [string, ArgDef])[] = Object.entries((await resolveValue<ArgsDef>(command.args)) ?? {});
			return {
				name,
				summary,
				description: meta?.description ?? summary,
				options: args
					.filter(([, { type }]) => type !== 'positional')
					.map(([option, def]) => ({
						name: option,
						description: def.description ?? '',
						placeholder: def.type === 'boolean' ? '' : (def.valueHint ?? (def.type === 'enum' ? 'NAME' : 'TEXT')),
						value: valueKind(def),
					})),
				arguments: args
					.filter(([, { type }]) => type === 'positional')
					.map(([argument, def]) => ({
						name: def.valueHint ?? argument.toUpperCase(),
						description: def.description ?? '',
						isRequired: def.type === 'positional' && def.required !== false,
						value: valueKind(def),
					})),
				examples,
			};
		}),
	);
}

function valueKind(def: ArgDef): ValueKind {
	if (def.type === 'boolean') return { kind: 'none' };
	if (def.type === 'enum') return { kind: 'choice', values: def.options ?? [] };
	// A positional argument says by its options or its place which words it takes.
	return /FILE|DIR|FOLDER|PATH/.test(def.valueHint ?? '') ? { kind: 'path' } : { kind: 'text' };
}
