/**
 * Which URLs a webhook may have. Its owner chooses where the service sends requests to, and must not reach through it what he cannot reach
 * himself: other programs on its machine, in its network, or the service itself.
 */
import { isLoopbackHost } from '../../lib/http/loopback-host.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseHttpsUrl } from '../../model/names.ts';

/** Names that are never found in public DNS, or lead into the network of whoever looks them up (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const PRIVATE_NAMES = /\.(?:local|localhost|internal|intranet|lan|home|corp|private|arpa|alt|onion|test|invalid)$/;
/** Plain http to this machine, spelled out: other spellings are not looked at. */
const LOOPBACK_URL = /^http:\/\/(localhost|127\.0\.0\.1)(?::\d{1,5})?(?:\/[^\s#@\\]{0,200})?$/;

export interface WebhookUrlRules {
	/** The service's own host names. */
	readonly ownHosts: readonly string[];
	/** Whether plain http to this machine is allowed: only where somebody tries the service out. */
	readonly isLoopbackAllowed: boolean;
}

/**
 * The URL as `fetch` reads it, in which every spelling of an address is one. Names are judged by how they are written: on Cloudflare, `fetch`
 * reaches no private network, wherever a name leads.
 * @returns why a webhook may not have it, where it may not
 */
export function parseWebhookUrl(text: string, { ownHosts, isLoopbackAllowed }: WebhookUrlRules): Result<string, string> {
	if (isLoopbackAllowed && isLoopbackHost(LOOPBACK_URL.exec(text)?.[1] ?? '')) return ok(text);
	const parsed = parseHttpsUrl(text);
	if (!parsed.ok) return parsed;
	const { hostname, port } = new URL(parsed.value);
	if (port !== '') return err('must be on port 443, and so name none');
	// A full stop at the end says that the name is complete.
	const host = hostname.replace(/\.$/, '');
	if (PRIVATE_NAMES.test(host)) return err('needs a host that everybody can reach');
	if (ownHosts.includes(host)) return err('must not lead to this service itself');
	return parsed;
}
