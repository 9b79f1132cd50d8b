/** `npm run fuzz -- --cases N --seed S`: sends random requests to every endpoint, as test/http/fuzz.test.ts describes. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
const isNumber = (text: string | undefined) => text === undefined || /^-?\d{1,10}$/.test(text);
if (!isNumber(values.cases) || !isNumber(values.seed)) {
	process.stderr.write('--cases and --seed take whole numbers: npm run fuzz -- --cases 100000 --seed 7\n');
	process.exitCode = 2;
} else {
	const { status } = spawnSync('vitest', ['run', '--project', 'worker', 'test/http/fuzz.test.ts'], {
		stdio: 'inherit',
		env: { ...process.env, FUZZ_CASES: values.cases, ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }) },
	});
	process.exitCode = status ?? 1;
}
