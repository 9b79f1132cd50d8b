/** Whether the domains that count as this host's own are all that there are: whoever sends to any of them is taken for somebody who sends to us. */
import type { SmtpdService } from './postfix-service.ts';

/** postconf(5), reject_unauth_destination: mail for these is let through. */
const DOMAIN_LISTS = ['relay_domains', 'mydestination', 'virtual_alias_domains', 'virtual_mailbox_domains'] as const;

export interface OpenDomainList {
	readonly setting: string;
	readonly value: string;
}

/** The list that has every domain in it, or whole top-level domains; null where none does, as far as the file shows. */
export function relaysEverywhere({ settings }: SmtpdService): OpenDomainList | null {
	const isParent = settings
		.value('parent_domain_matches_subdomains')
		.split(/[\s,]+/)
		.includes('relay_domains');
	for (const setting of DOMAIN_LISTS) {
		const value = settings.knownPart(setting);
		const words = value.split(/[\s,]+/).filter((word) => word !== '');
		// A table of type static has an answer to everything. "com" stands for all that ends so, in relay_domains alone.
		const isOpen = (word: string) => word.startsWith('static:') || (setting === 'relay_domains' && isTopLevel(word, isParent));
		if (words.some(isOpen)) return { setting, value };
	}
	return null;
}

function isTopLevel(word: string, isParent: boolean): boolean {
	return isParent ? /^\.?[a-z]{2,24}$/i.test(word) && word.toLowerCase() !== 'localhost' : /^\.[a-z]{2,24}$/i.test(word);
}
