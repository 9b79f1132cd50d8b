/** The package of the tool as others get it: packed, run by npx on every Node that it promises, its manual page and completions in the real programs. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'dist/signpost');
const NODE_VERSIONS = ['20', '22', '24'] as const;

const folder = mkdtempSync(join(tmpdir(), 'signpost-npx-'));
let tarball = '';

function must(command: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): string {
	const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
	return stdout;
}

const buildTool = () => must(process.execPath, [join(ROOT, 'src/tools/build-cli.ts')], { cwd: ROOT });
const pack = () => join(folder, must('npm', ['pack', '--silent', OUT], { cwd: folder }).trim());
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

beforeAll(() => {
	buildTool();
	tarball = pack();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('two builds give the same bytes', () => {
	const first = digest(tarball);
	buildTool();
	expect(digest(pack())).toBe(first);
});

it('holds what it should, and nothing else', () => {
	const files = must('tar', ['-tzf', tarball]).trim().split('\n').sort();
	expect(files).toEqual([
		'package/LICENSE',
		'package/README.md',
		'package/THIRD-PARTY-LICENSES.txt',
		'package/completions/_signpost',
		'package/completions/signpost.bash',
		'package/completions/signpost.fish',
		'package/package.json',
		'package/signpost.1',
		'package/signpost.mjs',
	]);
	const manifest = JSON.parse(readFileSync(join(OUT, 'package.json'), 'utf8'));
	expect(manifest).toMatchObject({ name: 'signpost', license: 'MIT', bin: { signpost: 'signpost.mjs' }, man: ['./signpost.1'] });
	expect(manifest).not.toHaveProperty('dependencies');
	expect(manifest).not.toHaveProperty('private');
	must('npm', ['publish', '--dry-run', '--provenance=false', tarball], { cwd: folder });
});

describe.each(NODE_VERSIONS)('Node %s', (version) => {
	/** A PATH on which `node` is that version; the one that runs this test is the first choice. */
	function pathOf(): string {
		const place = join(folder, `node${version}`);
		if (!existsSync(place)) {
			mkdirSync(place);
			writeFileSync(join(place, 'package.json'), '{}');
			must(
				'npm',
				['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', `node-${process.platform}-${process.arch}@${version}`],
				{ cwd: place },
			);
		}
		const [name = ''] = readdirSync(join(place, 'node_modules')).filter((entry) => entry.startsWith('node-'));
		return `${join(place, 'node_modules', name, 'bin')}:${process.env.PATH}`;
	}

	it('runs it with npx from the tarball', { timeout: 300_000 }, () => {
		const env = { ...process.env, PATH: pathOf(), npm_config_cache: join(folder, `cache${version}`) };
		expect(must('node', ['--version'], { env })).toMatch(new RegExp(`^v${version}\\.`));
		const record = join(folder, 'example.org.json');
		writeFileSync(
			record,
			JSON.stringify({ kind: 'domain', provider: { name: 'X' }, services: { submission: { host: 'smtp.example.org' } } }),
		);
		const npx = (...args: readonly string[]) => must('npx', ['--yes', `--package=${tarball}`, 'signpost', ...args], { cwd: folder, env });
		expect(npx('--version')).toBe(`${JSON.parse(readFileSync(join(OUT, 'package.json'), 'utf8')).version}\n`);
		expect(npx('postfix', 'example.org', '--record', record)).toContain('-o smtpd_tls_wrappermode=yes');
		expect(npx('zone', 'example.org', '--record', record, '--site', 'signpost.example.net')).toContain('_submissions._tcp');
	});
});

const without = (program: string) => spawnSync(program, ['--version']).error !== undefined;

describe('the manual page', () => {
	it.skipIf(without('man'))('is formatted without a warning, and installed by npm', () => {
		const env = { ...process.env, LC_ALL: 'C.UTF-8', MANROFFSEQ: '', MANWIDTH: '80' };
		const { stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', join(OUT, 'signpost.1')], {
			encoding: 'utf8',
			env,
		});
		expect(stderr).toBe('');
		const prefix = join(folder, 'prefix');
		must('npm', ['install', '--global', '--silent', '--prefix', prefix, tarball], { cwd: folder });
		expect(existsSync(join(prefix, 'share/man/man1/signpost.1'))).toBe(true);
		expect(must(join(prefix, 'bin/signpost'), ['--help'])).toContain('dovecot');
	});
});

describe('completion', () => {
	it.skipIf(without('bash'))('in bash, by way of its own machinery', () => {
		const script =
			'source completions/signpost.bash; complete -p signpost; COMP_WORDS=(signpost dovecot --for ""); COMP_CWORD=3; _signpost; declare -p COMPREPLY';
		expect(must('bash', ['--norc', '-c', script], { cwd: OUT })).toMatch(/-F _signpost signpost[\s\S]*"2\.3"[\s\S]*"2\.4"/);
	});

	it.skipIf(without('zsh'))('in zsh, as somebody types it', () => {
		// zpty is a terminal: what stands on the line when Tab has been pressed is what zsh made of it.
		const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source completions/_signpost; setopt no_list_beep; print -r ready=yes'
zpty -r -m shell out '*ready=yes*ready=yes*'
zpty -n -w shell $'signpost dove\\t--for 2.\\t'
sleep 3
zpty -n -w shell $'4 --rec\\tx\\n'
sleep 2
zpty -r shell out2
out=
while zpty -r -t shell chunk; do out+=$chunk; done
print -r -- "$out2$out"
zpty -d shell`;
		const { stdout } = spawnSync('zsh', ['-f', '-c', script], { cwd: OUT, encoding: 'utf8', timeout: 60_000 });
		expect(stdout).toContain('dovecot');
		expect(stdout).toMatch(/2\.3\s+2\.4|2\.4/);
		expect(stdout).toContain('--record');
	});

	it.skipIf(without('fish'))('in fish, as it says itself', () => {
		const ask = (line: string) =>
			must('fish', ['--no-config', '-c', `source completions/signpost.fish; complete -C '${line}'`], { cwd: OUT });
		expect(ask('signpost dovecot --for ')).toMatch(/^2\.3\b[\s\S]*^2\.4\b/m);
		expect(ask('signpost po')).toContain('postfix');
		expect(ask('signpost check --on')).toContain('--only');
	});
});
