import { pathOf } from '../../contract/console-pages.ts';
import { ask } from './api.ts';
import { keep, readKept } from './kept.ts';
import { go } from './place.ts';

/** Fills the form of a domain that has no record yet, and goes there. @returns why not */
export async function beginWith(domain: string, record: object): Promise<string | null> {
	if (readKept(domain) !== null) return `There is unsaved work on ${domain} in this browser: finish or discard it first.`;
	const found = await ask('readDomain', { path: { domain } });
	if (found.ok && found.value.record !== null) return `${domain} has a record already.`;
	const revision = found.ok ? found.value.revision : 0;
	keep(domain, { revision, base: null, draft: record, note: '', tags: null });
	go(pathOf('domain', domain));
	return null;
}
