/** The Worker without its line in the log, to learn what the line costs. The built Worker stands beside this file as entry.js. */
// @ts-expect-error: built when the benchmark runs
import worker from './entry.js';

// Its Durable Objects are this one's too: the counter is as busy as without.
// @ts-expect-error: the same
export * from './entry.js';

console.log = () => undefined;

export default worker as ExportedHandler;
