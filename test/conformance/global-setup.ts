/** Starts one service for all conformance tests (a vitest global set-up). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { spawnService } from '../support/start-service.ts';

declare module 'vitest' {
	export interface ProvidedContext {
		/** Port of the started service on 127.0.0.1. */
		readonly port: number;
	}
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
	const state = await mkdtemp(join(tmpdir(), 'signpost-'));
	const service = await spawnService(state);
	provide('port', service.port);
	return async () => {
		await service.stop();
		await rm(state, { recursive: true });
	};
}
