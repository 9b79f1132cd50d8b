/** The labels that mail clients put before a mail domain to find its settings, such as `autoconfig.example.org` for example.org. */
import { type Domain, parentDomain } from './names.ts';

const SERVICE_LABELS: ReadonlySet<string> = new Set(['autoconfig', 'autodiscover', 'mta-sts', 'ua-auto-config']);

/**
 * The mail domain that a host with a service label belongs to: example.org for autoconfig.example.org. Null for every other host, also for
 * names such as autodiscover.com, where the part after the label is no mail domain.
 */
export function domainBehindServiceLabel(host: Domain): Domain | null {
	return SERVICE_LABELS.has(host.slice(0, host.indexOf('.'))) ? parentDomain(host) : null;
}
