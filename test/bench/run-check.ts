/**
 * `npm run bench:check`: `signpost check --from` of many domains of one mail host, each with every area that there is: DNS, the service's
 * documents, the mail servers. Everything that is asked is on this machine, in another process, and answers at once.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { CheckReport } from '../../src/cli/check/finding.ts';
import { SITE } from '../support/fake-internet.ts';
import { cpuOfEndedPrograms, cpuOfProcess } from './process-cpu.ts';

const USAGE = `Usage: npm run bench:check -- [--domains N]

Checks N domains (1,000) with signpost check --from, against DNS, a service and mail servers of this machine.
`;

const RECORD = join(import.meta.dirname, '../fixtures/records/minimal.json');

/** Runs the tool on the domains of a file. @throws Error unless it found every one of them to be without faults */
async function checkDomains(file: string, toolArguments: readonly string[], count: number): Promise<void> {
	const main = join(import.meta.dirname, '../../src/cli/main.ts');
	const args = ['check', '--from', file, '--record', RECORD, '--site', SITE.host, '--json', ...toolArguments];
	const tool = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	const [out, told, [code]] = await Promise.all([readAll(tool.stdout), readAll(tool.stderr), once(tool, 'close')]);
	if (code !== 0) throw new Error(`signpost check ended with ${code}: ${told.slice(-500)} ${out.slice(0, 1000)}`);
	const reports = JSON.parse(out) as readonly CheckReport[];
	const looked = reports.flatMap(({ areas }) => areas).filter((area) => area.area === 'mail' && area.looked > 0);
	if (looked.length !== count) throw new Error(`the mail servers of ${looked.length} of ${count} domains were looked at`);
}

async function main(): Promise<number> {
	const { values } = parseArgs({ options: { domains: { type: 'string', default: '1000' }, help: { type: 'boolean', short: 'h' } } });
	const count = Number(values.domains);
	if (values.help === true || !Number.isInteger(count) || count < 1) {
		process.stdout.write(USAGE);
		return values.help === true ? 0 : 2;
	}
	const folder = await mkdtemp(join(tmpdir(), 'signpost-bench-'));
	const file = join(folder, 'domains.txt');
	await writeFile(file, Array.from({ length: count }, (_, at) => `d${String(at).padStart(4, '0')}.example\n`).join(''));
	const others = spawn(process.execPath, [join(import.meta.dirname, 'many-domains.ts'), file], { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = once(others, 'close');
	try {
		const [line]: readonly unknown[] = await Promise.race([once(createInterface(others.stdout), 'line'), ended]);
		if (typeof line !== 'string' || others.pid === undefined) throw new Error('the other side did not start');
		const toolArguments = JSON.parse(line) as readonly string[];
		const [begun, othersCpu, toolCpu] = [performance.now(), cpuOfProcess(others.pid), cpuOfEndedPrograms()];
		await checkDomains(file, toolArguments, count);
		const seconds = (performance.now() - begun) / 1000;
		const perDomain = (cpu: number) => `${((cpu * 1000) / count).toFixed(0)} ms`;
		process.stdout.write(
			`${count} domains, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} a second; ` +
				`CPU for each domain: the tool ${perDomain(cpuOfEndedPrograms() - toolCpu)}, what it asks ${perDomain(cpuOfProcess(others.pid) - othersCpu)}\n`,
		);
		return 0;
	} finally {
		others.stdin.end();
		await ended;
		await rm(folder, { recursive: true });
	}
}

process.exitCode = await main();
