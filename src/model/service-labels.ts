/** The labels before a mail domain under which clients reach this service, and which of them an operator wants to use. */
import { type Domain, parentDomain } from './names.ts';

/** `autoconfig.example.org` and so on. A name that begins with one of them is a name of the service, never a mail domain. */
export const SERVICE_LABELS = ['autoconfig', 'autodiscover', 'ua-auto-config', 'mta-sts'] as const;

export type ServiceLabel = (typeof SERVICE_LABELS)[number];

const LABELS: readonly string[] = SERVICE_LABELS;

/**
 * The mail domain that a host with a service label belongs to: example.org for autoconfig.example.org. Null for every other host, also for
 * names such as autodiscover.com, where the part after the label is no mail domain.
 */
export function domainBehindServiceLabel(host: Domain): Domain | null {
	return LABELS.includes(host.slice(0, host.indexOf('.'))) ? parentDomain(host) : null;
}

/** Which of the labels stand in DNS, by the word that a record's `names` has for it. */
export const PUBLISHED_NAMES = {
	none: [],
	'autoconfig-autodiscover': ['autoconfig', 'autodiscover'],
	all: SERVICE_LABELS,
} as const satisfies Record<string, readonly ServiceLabel[]>;

export type PublishedNames = keyof typeof PUBLISHED_NAMES;

export const PUBLISHED_NAMES_CHOICES = Object.keys(PUBLISHED_NAMES) as readonly PublishedNames[];

/** The word as a setting or an option has it; null where it is none of them. */
export function parsePublishedNames(text: string): PublishedNames | null {
	return PUBLISHED_NAMES_CHOICES.find((choice) => choice === text) ?? null;
}
