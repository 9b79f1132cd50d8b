/** Load on one route of one server, by autocannon in a process of its own. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { type BenchRequest, requestHeaders, requestTarget } from './bench-requests.ts';
import { pinnedCommand } from './cpu-pinning.ts';
import type { WorkerdServer } from './workerd-server.ts';

const CONNECTIONS = 16;

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');

/** What one round gave. */
export interface LoadRound {
	readonly requests: number;
	/** Requests a second. */
	readonly rate: number;
	/** Milliseconds of the server's CPU for 1,000 requests. */
	readonly cpuMs: number;
	/** The part of its core that the server used: near 1, or the load was the bottleneck and `rate` is not the server's. */
	readonly busy: number;
	/** Milliseconds; percentiles of what a client waits, at full load. */
	readonly p50: number;
	readonly p99: number;
}

/** The part of autocannon's report that is used. */
interface AutocannonReport {
	readonly requests: { readonly total: number };
	/** Seconds. */
	readonly duration: number;
	readonly errors: number;
	readonly timeouts: number;
	readonly non2xx: number;
	readonly latency: { readonly p50: number; readonly p99: number };
}

/** Sends requests for whole seconds, as fast as they are answered. Throws when any is not answered with a 2xx. */
export async function runLoad(server: WorkerdServer, port: number, { request }: BenchRequest, seconds: number): Promise<LoadRound> {
	const headers = Object.entries(requestHeaders(request)).flatMap(([name, value]) => ['--headers', `${name}=${value}`]);
	const body = request.body === '' ? [] : ['--body', request.body];
	const url = `http://127.0.0.1:${port}${requestTarget(request)}`;
	const [program, ...options] = pinnedCommand('load', [
		process.execPath,
		AUTOCANNON,
		...['--json', '--connections', String(CONNECTIONS), '--duration', String(seconds), '--method', request.method],
		...headers,
		...body,
		url,
	]);
	const before = server.cpu();
	const { stdout } = await promisify(execFile)(program, options);
	const cpu = server.cpu() - before;
	const report = JSON.parse(stdout) as AutocannonReport;
	const { total } = report.requests;
	if (total === 0 || report.errors + report.timeouts + report.non2xx > 0)
		throw new Error(`${request.path}: ${total} answers, ${report.errors} errors, ${report.timeouts} timeouts, ${report.non2xx} not 2xx`);
	return {
		requests: total,
		rate: total / report.duration,
		cpuMs: (cpu * 1000) / (total / 1000),
		busy: cpu / report.duration,
		p50: report.latency.p50,
		p99: report.latency.p99,
	};
}
