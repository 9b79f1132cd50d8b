/** Checks whether the lists of the host's own domains contain every domain, so that mail to anywhere counts as mail to this host. */
import type { SmtpdService } from './postfix-service.ts';

/** The lists of domains for which mail is accepted (postconf(5), reject_unauth_destination). */
const DOMAIN_LISTS = ['relay_domains', 'mydestination', 'virtual_alias_domains', 'virtual_mailbox_domains'] as const;

export interface OpenDomainList {
	readonly setting: string;
	readonly value: string;
}

/** The list that contains every domain, or whole top-level domains; null where none does, as far as the file shows. */
export function relaysEverywhere({ settings }: SmtpdService): OpenDomainList | null {
	const isParent = settings
		.value('parent_domain_matches_subdomains')
		.split(/[\s,]+/)
		.includes('relay_domains');
	for (const setting of DOMAIN_LISTS) {
		const value = settings.knownPart(setting);
		const words = value.split(/[\s,]+/).filter((word) => word !== '');
		// A table of type static matches everything. In relay_domains only, "com" matches all names below it.
		const isOpen = (word: string) => word.startsWith('static:') || (setting === 'relay_domains' && isTopLevel(word, isParent));
		if (words.some(isOpen)) return { setting, value };
	}
	return null;
}

function isTopLevel(word: string, isParent: boolean): boolean {
	return isParent ? /^\.?[a-z]{2,24}$/i.test(word) && word.toLowerCase() !== 'localhost' : /^\.[a-z]{2,24}$/i.test(word);
}
