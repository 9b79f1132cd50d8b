/** The manual page signpost(1), in the man macros that every Unix formats (man(7)). */
import type { DescribedCommand, DescribedOption } from './described-commands.ts';

export interface ManPageFacts {
	readonly version: string;
	/** Unix time in seconds. */
	readonly builtAt: number;
}

export function renderManPage(commands: readonly DescribedCommand[], { version, builtAt }: ManPageFacts): string {
	const date = new Date(builtAt * 1000).toISOString().slice(0, 10);
	return [
		`.TH SIGNPOST 1 "${date}" "signpost ${escapeRoff(version)}" "User Commands"`,
		'.SH NAME',
		'signpost \\- mail\\-client autoconfiguration from one record per domain',
		'.SH SYNOPSIS',
		'.B signpost',
		'.I command',
		'.RI [ options ]',
		'.SH DESCRIPTION',
		'.B signpost',
		'is the companion of the Signpost service, which tells mail clients where the mail is. It prints and checks DNS records and the',
		'configuration of mail servers, walks through discovery as mail clients do, says from logs whether port 587 is still used, and keeps',
		'the records of a service as files.',
		'.PP',
		'Records come from',
		'.BR \\-\\-record ,',
		'a file, a folder or standard input, or from the admin API of a service, with',
		'.BR \\-\\-api .',
		'.SH COMMANDS',
		...commands.flatMap(renderCommand),
		'.SH EXIT STATUS',
		'.TP\n.B 0\nAll is well.',
		'.TP\n.B 1\nThere are findings.',
		'.TP\n.B 2\nIt could not look, or could not tell.',
		'.SH ENVIRONMENT',
		'.TP\n.B SIGNPOST_API\nThe service whose admin API records come from.',
		'.TP\n.B SIGNPOST_TOKEN\nThe token for it.',
		'.TP\n.B SIGNPOST_SITE\nThe host name of the service, which CNAME records point to.',
		'.TP\n.B NO_COLOR\nWhere it is set and not empty, nothing is coloured.',
		'',
	].join('\n');
}

function renderCommand({ name, description, arguments: places, options, examples }: DescribedCommand): readonly string[] {
	const words = places.map((place) => (place.isRequired ? `\\fI${escapeRoff(place.name)}\\fR` : `[\\fI${escapeRoff(place.name)}\\fR]`));
	return [
		`.SS "signpost ${escapeRoff(name)}"`,
		`\\fBsignpost ${escapeRoff(name)}\\fR ${words.join(' ')} [\\fIoptions\\fR]`,
		'.PP',
		escapeRoff(description),
		...places.map((place) => `.TP\n\\fI${escapeRoff(place.name)}\\fR\n${escapeRoff(place.description)}`),
		...options.map(renderOption),
		'.PP',
		'.nf',
		escapeRoff(examples.trim()),
		'.fi',
	];
}

function renderOption({ name, description, placeholder, value }: DescribedOption): string {
	const choices = value.kind === 'choice' ? `: ${value.values.join(', ')}` : '';
	const argument = placeholder === '' ? '' : ` \\fI${escapeRoff(placeholder)}\\fR`;
	return `.TP\n\\fB${escapeRoff(`--${name}`)}\\fR${argument}\n${escapeRoff(description + choices)}`;
}

/** A line must not begin with a control character, and a hyphen that people copy must stay one. */
function escapeRoff(text: string): string {
	return text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replace(/^([.'])/gm, '\\&$1')
		.replace(/[^\p{ASCII}]/gu, (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);
}
