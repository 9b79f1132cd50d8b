/** The answers of the admin API about custom hostnames (Cloudflare for SaaS). Times are ISO 8601 in UTC. */
import * as v from 'valibot';
import { HOSTNAME_PHASES } from './hostname-phases.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

export const HostnameView = v.object({
	hostname: text,
	domain: v.pipe(text, v.description('The domain whose record asks for it.')),
	state: v.pipe(
		v.picklist(HOSTNAME_PHASES),
		v.description(
			'`queued`: will be created. `over-limit`: is not created, because there is no room. `waiting`: for DNS or for Cloudflare. `ready`: serves. `stuck`: a check timed out and is begun again. `refused`: Cloudflare does not take it. `going`: somebody is removing it at Cloudflare. `unknown`: Cloudflare names a state that this release does not know. `leaving`: no record asks for it any more.',
		),
	),
	status: v.pipe(v.nullable(text), v.description('Cloudflare’s name for the state of the hostname; null before it is created.')),
	certificateStatus: v.pipe(v.nullable(text), v.description('The same for its certificate.')),
	errors: v.pipe(list(text), v.description('What Cloudflare says about failed checks.')),
	validationRecords: v.pipe(
		list(text),
		v.description(
			'DNS records, as `NAME TYPE VALUE`, with which Cloudflare can check before the CNAME is there. The customer publishes them.',
		),
	),
	failure: v.pipe(v.nullable(text), v.description('Why the last request about it came to nothing.')),
	nextLookAt: v.pipe(time, v.description('It is looked at again after this time.')),
	leavesAt: v.pipe(v.nullable(time), v.description('When it is removed; null while a record asks for it.')),
});

const on = v.pipe(v.boolean(), v.description('Whether the service creates custom hostnames by itself (CUSTOM_HOSTNAMES).'));
const usage = v.pipe(
	v.nullable(
		v.object({
			used: v.pipe(v.number(), v.description('Custom hostnames in the zone, those of others included, when Cloudflare was asked last.')),
			included: v.pipe(v.number(), v.description('How many the price includes; Cloudflare charges for each beyond.')),
			hardCap: v.pipe(v.number(), v.description('How many the zone can have.')),
			limit: v.pipe(v.number(), v.description('How many the service lets there be (CUSTOM_HOSTNAMES_LIMIT).')),
		}),
	),
	v.description('Null as long as nothing had to be created. For the operator alone.'),
);
const failure = v.pipe(v.nullable(text), v.description('Why Cloudflare is not asked for now, or why nothing is created.'));
const pausedUntil = v.pipe(v.nullable(time), v.description('Until when, because of that.'));

export const HostnamesView = v.object({
	on,
	hostnames: list(HostnameView),
	next: v.pipe(v.nullable(text), v.description('Send this in the next request to get the following page; null on the last page.')),
	counts: v.pipe(v.record(v.picklist(HOSTNAME_PHASES), v.number()), v.description('How many there are in each state, on all pages.')),
	usage,
	failure,
	pausedUntil,
});

export const DomainHostnamesView = v.object({ on, domain: text, hostnames: list(HostnameView), usage, failure, pausedUntil });

export type HostnameView = v.InferOutput<typeof HostnameView>;
export type HostnamesView = v.InferOutput<typeof HostnamesView>;
export type DomainHostnamesView = v.InferOutput<typeof DomainHostnamesView>;
