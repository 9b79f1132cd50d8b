/**
 * The other side of `npm run bench:check`, in a process of its own: DNS, the service and the mail servers of many domains, without faults.
 * Reads the domains as lines of a file. Prints the options that lead the command-line tool to its servers, as a line of JSON, and ends when
 * its standard input does.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startFakeInternet } from '../support/fake-internet.ts';
import { resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const [file = ''] = process.argv.slice(2);
const domains = readFileSync(file, 'utf8').trim().split('\n').map(domain);
const internet = await startFakeInternet({ found: resolvedFixture('minimal'), otherDomains: domains });
process.stdout.write(`${JSON.stringify(internet.toolArguments)}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
await internet.close();
