/** What is made from the table of commands for the package of the tool: manual page, completions, licences, provenance. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { findBundledPackages } from '../../src/tools/package/bundled-licences.ts';
import { renderBashCompletion, renderFishCompletion, renderZshCompletion } from '../../src/tools/package/completions.ts';
import { type DescribedCommand, describeCommands } from '../../src/tools/package/described-commands.ts';
import { renderManPage } from '../../src/tools/package/man-page.ts';
import { findProvenance } from '../../src/tools/package/provenance.ts';

let commands: readonly DescribedCommand[];
const folder = mkdtempSync(join(tmpdir(), 'signpost-package-'));
beforeAll(async () => {
	commands = await describeCommands();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('every command and every option is in the manual page and in each completion', () => {
	const texts = [
		renderManPage(commands, { version: '1.0.0', builtAt: 0 }).replaceAll('\\-', '-'),
		renderBashCompletion(commands),
		renderZshCompletion(commands),
		renderFishCompletion(commands).replaceAll(' -l ', ' --'),
	];
	expect(commands.map(({ name }) => name)).toEqual(Object.keys(COMMANDS));
	for (const text of texts)
		for (const { name, options } of commands) {
			expect(text).toContain(name);
			for (const option of options) expect(text).toContain(`--${option.name}`);
		}
});

describe('the manual page', () => {
	it('has no line that begins with a control character of its own', () => {
		const strange: DescribedCommand = {
			name: 'x',
			summary: 's',
			description: ".SH injected\n'quoted \\fB — it’s",
			options: [],
			arguments: [],
			examples: '.TH evil',
		};
		const page = renderManPage([strange], { version: '1.0.0', builtAt: 86_400 });
		expect(page).not.toMatch(/^\.SH injected|^'|^\.TH evil/m);
		expect(page).toContain('\\efB \\[u2014] it\\[u2019]s');
		expect(page).toContain('"1970-01-02"');
	});
});

/** What bash offers behind these words, as readline would ask for it. */
function bashCompletes(...words: readonly string[]): readonly string[] {
	const file = join(folder, 'signpost.bash');
	writeFileSync(file, renderBashCompletion(commands));
	const script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _signpost; declare -p COMPREPLY';
	const { status, stdout, stderr, error } = spawnSync('bash', ['--norc', '-c', script, 'bash', file, 'signpost', ...words], {
		encoding: 'utf8',
		cwd: folder,
	});
	if (error !== undefined) throw error;
	expect([status, stderr]).toEqual([0, '']);
	// declare -a COMPREPLY=([0]="2.3" [1]="2.4")
	return [...stdout.matchAll(/\[\d+\]="([^"]*)"/g)].map(([, word = '']) => word);
}

describe('completion in bash', () => {
	it.each<[words: readonly string[], offered: readonly string[]]>([
		[['po'], ['postfix']],
		[
			['dovecot', '--for', ''],
			['2.3', '2.4'],
		],
		[['dovecot', '--re'], ['--record']],
		[['postfix', 'example.org', '--check', 'mai'], ['main.cf']],
		[['postfix', '--record', 'mai'], ['main.cf']],
		[['check', '--resolver', 'mai'], []],
		[['nonsense', '--re'], []],
	])('%j: %j', (words, offered) => {
		writeFileSync(join(folder, 'main.cf'), '');
		expect(bashCompletes(...words)).toEqual(offered);
	});
});

describe('the licences of what is bundled', () => {
	const addPackage = (name: string, manifest: object, files: Readonly<Record<string, string>>) => {
		const place = join(folder, 'node_modules', name);
		mkdirSync(place, { recursive: true });
		writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
		for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
		return `node_modules/${name}/index.js`;
	};

	it('are found for every package, scoped and nested ones too', async () => {
		const inputs = [
			'src/main.ts',
			addPackage('b', { license: 'MIT' }, { LICENSE: 'text of b' }),
			addPackage('@s/a', { license: 'ISC' }, { 'LICENCE.md': 'text of a', NOTICE: 'notice of a' }),
			addPackage('b/node_modules/c', { license: 'MIT', author: 'Somebody' }, {}),
		];
		expect(await findBundledPackages([...inputs, ...inputs], folder)).toMatchObject([
			{ name: '@s/a', texts: ['text of a', 'notice of a'] },
			{ name: 'b', texts: ['text of b'] },
			{ name: 'b/node_modules/c', texts: [expect.stringContaining('Copyright (c) Somebody')] },
		]);
	});

	it('a package without a text, or with a licence that does not allow it, stops the build', async () => {
		await expect(findBundledPackages([addPackage('none', { license: 'ISC' }, {})], folder)).rejects.toThrow('no licence text');
		await expect(findBundledPackages([addPackage('gpl', { license: 'GPL-3.0-only' }, { COPYING: 'x' })], folder)).rejects.toThrow(
			'not accepted',
		);
	});
});

describe('where the build comes from', () => {
	const git = (...args: readonly string[]) => expect(spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).status).toBe(0);

	it.each([
		['https://user:secret@git.example/team/signpost.git', 'https://git.example/team/signpost'],
		['git@git.example:team/signpost.git', 'https://git.example/team/signpost'],
		['ssh://git@git.example/team/signpost', 'https://git.example/team/signpost'],
		['/srv/git/signpost', null],
		['../signpost', null],
	])('%s: %s', (remote, repository) => {
		git('init', '-q');
		spawnSync('git', ['-C', folder, 'remote', 'remove', 'origin']);
		git('remote', 'add', 'origin', remote);
		expect(findProvenance(folder, {})).toMatchObject({ repository });
	});

	it('the time is SOURCE_DATE_EPOCH, and GitHub’s names win', () => {
		const env = { SOURCE_DATE_EPOCH: '1700000000', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'team/signpost' };
		expect(findProvenance(folder, env)).toMatchObject({ builtAt: 1_700_000_000, repository: 'https://github.com/team/signpost' });
		expect(() => findProvenance(folder, { SOURCE_DATE_EPOCH: 'yesterday' })).toThrow('SOURCE_DATE_EPOCH');
	});
});
