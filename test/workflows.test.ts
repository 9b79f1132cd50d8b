/** The workflows of GitHub run what there is, and have no more rights than they need. They are not run here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.github/workflows');

const WORKFLOW = v.object({
	permissions: v.record(v.string(), v.string()),
	jobs: v.record(
		v.string(),
		v.object({
			'timeout-minutes': v.number(),
			steps: v.array(
				v.object({
					uses: v.optional(v.string()),
					run: v.optional(v.string()),
					env: v.optional(v.record(v.string(), v.string()), {}),
				}),
			),
		}),
	),
});

describe.each(readdirSync(FOLDER))('%s', (file) => {
	const text = readFileSync(join(FOLDER, file), 'utf8');
	const { permissions, jobs } = v.parse(WORKFLOW, parse(text));
	const steps = Object.values(jobs).flatMap((job) => job.steps);

	it('may read the repository, and nothing more', () => {
		expect(permissions).toEqual({ contents: 'read' });
	});

	it('runs scripts and files that there are', () => {
		const commands = steps.flatMap(({ run }) => run ?? []);
		const scripts = commands.flatMap((command) => [...command.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name));
		expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
		if (commands.some((command) => command.includes('.ci/run'))) expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/^#!/);
		expect(commands.length).toBeGreaterThan(0);
	});

	it('puts nothing that others write into a command: what varies comes by the environment', () => {
		for (const { run = '' } of steps) expect(run).not.toContain('${{');
	});

	it('hands a secret to the one step that needs it', () => {
		expect(steps.filter(({ env }) => Object.values(env).some((value) => value.includes('secrets.'))).length).toBeLessThanOrEqual(1);
	});

	it('takes actions of GitHub alone', () => {
		for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
	});
});

it('docs/deploy-cloudflare.md names every setting that the deployment reads', () => {
	const page = readFileSync(join(ROOT, 'docs/deploy-cloudflare.md'), 'utf8');
	const names = [...readFileSync(join(FOLDER, 'deploy.yml'), 'utf8').matchAll(/(?:vars|secrets)\.(\w+)/g)].map(([, name = '']) => name);
	expect(names.length).toBeGreaterThan(2);
	expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
