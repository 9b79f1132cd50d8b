/** Autodiscover in XML, as its different askers do it. */
import type { EmailAddress } from '../../model/names.ts';
import { autodiscoverXml } from '../../protocols/autodiscover-xml.ts';
import { readPox } from './documents.ts';
import { type Ask, type Settings, verdict, type Walk } from './walk.ts';

/** The request's body, which is the same for all. */
function bodyFor(address: EmailAddress): string {
	const [endpoint] = autodiscoverXml.endpoints;
	return endpoint === undefined ? '' : endpoint.ask(address, endpoint.at[0]).body;
}

export function post(address: EmailAddress, url: string, more: Partial<Ask & { ask: 'http' }> = {}): Ask {
	return { ask: 'http', method: 'POST', url, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body: bodyFor(address), ...more };
}

export const pox = (host: string, scheme: 'https' | 'http' = 'https') => `${scheme}://${host}/autodiscover/autodiscover.xml`;

/** Asks in turn; the first that answers with settings is taken. */
export function* poxWalk(asks: readonly Ask[], takes: 'first' | 'last'): Walk {
	for (const ask of asks) {
		const settings = yield* poxStep(ask, takes);
		if (settings !== null) return settings;
	}
	return null;
}

export function* poxStep(ask: Ask, takes: 'first' | 'last'): Walk {
	const told = yield ask;
	if (told.told !== 'http' || told.status !== 200) {
		yield* verdict(`${told.told === 'http' ? told.status : told.told === 'nothing' ? told.why : 'no answer'}: on to the next`);
		return null;
	}
	const read = readPox(told.body);
	if ('reason' in read) {
		yield* verdict(`${read.reason}: on to the next`);
		return null;
	}
	const pick = (kinds: readonly string[]) => {
		const list = read.filter(({ kind }) => kinds.includes(kind));
		return (takes === 'first' ? list[0] : list[list.length - 1]) ?? null;
	};
	const outgoing = read.filter(({ kind }) => kind === 'smtp').length;
	const settings: Settings = {
		incoming: pick(['imap']) ?? pick(['pop3']),
		outgoing: pick(['smtp']),
		source: ask.ask === 'http' ? ask.url : '',
		why: `the ${takes} of ${outgoing} SMTP ${outgoing === 1 ? 'protocol' : 'protocols'}`,
	};
	yield* verdict(`taken: ${settings.why}`);
	return settings;
}
