/** Gives every property the seed of the run, PROPERTY_SEED, so that what passed once passes again; without one, each run draws its own. */
import fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
	interface ProvidedContext {
		/** Null for another seed each time. */
		readonly propertySeed: number | null;
	}
}

const seed = inject('propertySeed');
if (seed !== null) fc.configureGlobal({ seed });
