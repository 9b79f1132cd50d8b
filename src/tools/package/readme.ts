/** The README of the tool's package: what it is, how to run it, where it comes from. */
import type { DescribedCommand } from './described-commands.ts';
import type { Provenance } from './provenance.ts';

export interface ReadmeFacts extends Provenance {
	readonly name: string;
	readonly version: string;
	readonly node: string;
}

export function renderReadme(commands: readonly DescribedCommand[], { name, version, node, repository, commit }: ReadmeFacts): string {
	const origin = [...(repository === null ? [] : [`Repository: ${repository}`]), ...(commit === null ? [] : [`Commit: ${commit}`])];
	return `# signpost

Mail-client autoconfiguration from one record per domain: the command-line tool of the Signpost service. It prints and checks DNS records and
the configuration of Postfix and Dovecot, walks through discovery as mail clients do, and says from a mail server's logs whether anybody still
uses port 587.

\`\`\`console
$ npx ${name} --help
$ npx ${name} check alice@example.org --record example.org.json
\`\`\`

One file without dependencies, for Node ${node.replace('>=', '')} and later. \`npm install -g ${name}\` installs the manual page (\`man signpost\`) too.

## Commands

| command | |
|---|---|
${commands.map(({ name: command, summary }) => `| \`signpost ${command}\` | ${summary.replaceAll('|', '\\|')} |`).join('\n')}

\`signpost COMMAND --help\` teaches each of them. Exit codes: 0 all is well, 1 there are findings, 2 could not look or cannot tell.

## Completion

\`completions/\` has files for bash (\`source signpost.bash\`), zsh (\`_signpost\`, into a folder of \`$fpath\`) and fish (\`signpost.fish\`, into
\`~/.config/fish/completions\`).

## Licence and origin

MIT, see LICENSE. THIRD-PARTY-LICENSES.txt has the licences of what is bundled. Version ${version}.
${origin.length === 0 ? '' : `\n${origin.join('\n\n')}\n`}
The build is reproducible: \`npm run build:cli\` at the same commit gives the same bytes.
`;
}
