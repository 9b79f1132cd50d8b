/** The operations on custom hostnames. */
import { HOSTNAME_PHASES, type HostnamePhase } from '../../contract/hostnames/hostname-phases.ts';
import type { DomainHostnamesView, HostnamesView, HostnameView } from '../../contract/hostnames/hostname-views.ts';
import { err, ok } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import { parseDomain } from '../../model/names.ts';
import type { HostnameEntry, Hostnames } from '../../store/ports/custom-hostnames.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { parsePageSize, parseQueryEnum } from '../request-input.ts';

const NONE = { hostnames: [], usage: null, failure: null, pausedUntil: null } as const;

export const listHostnames: Handler = async ({ url, dependencies: { hostnames } }) => {
	const limit = parsePageSize(url);
	const state = parseQueryEnum<HostnamePhase | 'any'>(url, 'state', ['any', ...HOSTNAME_PHASES]);
	if (!limit.ok) return limit;
	if (!state.ok) return state;
	if (hostnames === null) {
		const nothing: HostnamesView = { on: false, ...NONE, next: null, counts: {} };
		return ok({ body: nothing });
	}
	const phase = state.value === 'any' ? null : state.value;
	const page = await hostnames.listHostnames({ phase, after: url.searchParams.get('after') ?? '', limit: limit.value });
	const { entries, next, counts, usage, failure, pausedUntil } = page;
	const view: HostnamesView = {
		on: true,
		hostnames: entries.map(toView),
		next,
		counts,
		usage,
		failure,
		pausedUntil: pausedUntil === null ? null : isoTime(pausedUntil),
	};
	return ok({ body: view });
};

export const readHostnames: Handler = async (context) => ok({ body: await readDomainHostnames(context, context.dependencies.hostnames) });

export const recheckHostnames: Handler = async (context) => {
	const { name, dependencies } = context;
	if (parseDomain(name) === null)
		return err({ code: 'invalid', errors: [{ path: '', reason: 'is a wildcard record, which asks for no custom hostname' }] });
	await dependencies.hostnames?.recheckDomain(name);
	return ok({ body: await readDomainHostnames(context, dependencies.hostnames) });
};

async function readDomainHostnames({ name, principal }: HandlerContext, hostnames: Hostnames | null): Promise<DomainHostnamesView> {
	if (hostnames === null) return { on: false, domain: name, ...NONE };
	const { entries, usage, failure, pausedUntil } = await hostnames.readDomain(name);
	return {
		on: true,
		domain: name,
		hostnames: entries.map(toView),
		// How many customers the service has is nothing for each of them to know.
		usage: principal.domains === 'all' ? usage : null,
		failure,
		pausedUntil: pausedUntil === null ? null : isoTime(pausedUntil),
	};
}

function toView({ phase, nextLookAt, leavesAt, ...entry }: HostnameEntry): HostnameView {
	return { ...entry, state: phase, nextLookAt: isoTime(nextLookAt), leavesAt: leavesAt === null ? null : isoTime(leavesAt) };
}
