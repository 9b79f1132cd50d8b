/** The formats that are served, by the client or place that people know them by. No I/O. */
import type { EndpointPreview } from '../../../protocols/preview.ts';

interface ClientCard {
	readonly title: string;
	readonly apps: string;
	/** Ids in src/protocols/registry.ts; the rest goes with the last card. */
	readonly protocols: readonly string[];
}

/** The last takes every protocol that no other names, so that a new one is never left out. */
const CLIENT_CARDS: readonly [ClientCard, ...ClientCard[]] = [
	{ title: 'Thunderbird', apps: 'K-9 Mail, FairEmail, Evolution, KMail and others', protocols: ['autoconfig'] },
	{ title: 'Outlook', apps: 'eM Client and others', protocols: ['autodiscover-xml', 'autodiscover-json'] },
	{ title: 'Apple', apps: 'iPhone, iPad, Mac', protocols: ['mobileconfig'] },
	{ title: 'Other standards', apps: 'PACC, MTA-STS, calendars and contacts', protocols: [] },
];

export interface ClientCardPreviews<Preview> extends Pick<ClientCard, 'title' | 'apps'> {
	readonly previews: readonly Preview[];
}

export function groupByClient<Preview extends Pick<EndpointPreview, 'protocol'>>(
	previews: readonly Preview[],
): readonly ClientCardPreviews<Preview>[] {
	const named = new Set(CLIENT_CARDS.flatMap(({ protocols }) => protocols));
	return CLIENT_CARDS.map(({ title, apps, protocols }) => ({
		title,
		apps,
		previews: previews.filter(({ protocol }) => (protocols.length === 0 ? !named.has(protocol) : protocols.includes(protocol))),
	})).filter(({ previews: own }) => own.length > 0);
}
