/** What bash, zsh and fish complete behind `signpost`: commands, options, and values where they are few or files. */
import { quoteForShell } from '../../cli/shell-quote.ts';
import type { DescribedCommand, DescribedOption } from './described-commands.ts';

/** Within single quotes of a POSIX shell and of zsh. */
const optionWords = ({ options }: DescribedCommand) => [...options.map(({ name }) => `--${name}`), '--help'].join(' ');

export function renderBashCompletion(commands: readonly DescribedCommand[]): string {
	const values = commands.flatMap(({ name, options }) =>
		options.filter(({ value }) => value.kind !== 'none').map((option) => `    ${name}:--${option.name}) ${bashValues(option)} ;;`),
	);
	return `# bash completion for signpost(1). Source it, or put it into /usr/share/bash-completion/completions/signpost.
_signpost() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoteForShell([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$cur"))
    return
  fi
  case "$command:$prev" in
${values.join('\n')}
  esac
  if [ "\${cur#-}" != "$cur" ]; then
    case "$command" in
${commands.map((command) => `      ${command.name}) COMPREPLY=($(compgen -W ${quoteForShell(optionWords(command))} -- "$cur")) ;;`).join('\n')}
    esac
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _signpost signpost
`;
}

function bashValues({ value }: DescribedOption): string {
	switch (value.kind) {
		case 'none':
			return ':';
		case 'choice':
			return `COMPREPLY=($(compgen -W ${quoteForShell(value.values.join(' '))} -- "$cur")); return`;
		case 'path':
			return 'COMPREPLY=($(compgen -f -- "$cur")); return';
		case 'text':
			return 'return';
	}
}

export function renderZshCompletion(commands: readonly DescribedCommand[]): string {
	return `#compdef signpost
# zsh completion for signpost(1). Put it into a folder of $fpath as _signpost, or source it behind compinit.
_signpost() {
  local command
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(
${commands.map(({ name, summary }) => `      ${quoteForShell(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(zshCommand).join('\n')}
  esac
}
if [ "$funcstack[1]" = _signpost ]; then _signpost "$@"; else compdef _signpost signpost; fi
`;
}

function zshCommand({ name, options }: DescribedCommand): string {
	const specs = options.map((option) => `      ${quoteForShell(zshOption(option))}`);
	return `    ${name}) _arguments \\\n${[...specs, "      '--help[show how to call it]'", "      '*:file:_files'"].join(' \\\n')} ;;`;
}

function zshOption({ name, description, placeholder, value }: DescribedOption): string {
	const text = description.replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:');
	const hint = placeholder.replaceAll(':', ' ');
	switch (value.kind) {
		case 'none':
			return `--${name}[${text}]`;
		case 'choice':
			return `--${name}=[${text}]:${hint}:(${value.values.join(' ')})`;
		case 'path':
			return `--${name}=[${text}]:${hint}:_files`;
		case 'text':
			return `--${name}=[${text}]:${hint}: `;
	}
}

export function renderFishCompletion(commands: readonly DescribedCommand[]): string {
	const lines = commands.flatMap((command) => [
		`complete -c signpost -n __fish_use_subcommand -f -a ${command.name} -d ${fishQuoted(command.summary)}`,
		...command.options.map((option) => fishOption(command.name, option)),
		`complete -c signpost -n '__fish_seen_subcommand_from ${command.name}' -l help -d 'show how to call it'`,
	]);
	return `# fish completion for signpost(1). Put it into ~/.config/fish/completions/signpost.fish.\n${lines.join('\n')}\n`;
}

/** fish knows two escapes within single quotes: the backslash and the quote. */
const fishQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fishOption(command: string, { name, description, value }: DescribedOption): string {
	const base = `complete -c signpost -n '__fish_seen_subcommand_from ${command}' -l ${name} -d ${fishQuoted(description)}`;
	switch (value.kind) {
		case 'none':
			return base;
		case 'choice':
			return `${base} -x -a ${fishQuoted(value.values.join(' '))}`;
		case 'path':
			return `${base} -r -F`;
		case 'text':
			return `${base} -x`;
	}
}
