/** `signpost render`: exactly the bytes that a client would get. */
import { defineCommand } from 'citty';
import { expectedRecords } from '../../dns/expected.ts';
import { renderZone } from '../../dns/zone.ts';
import { resolve } from '../../model/config.ts';
import { type EmailAddress, parseEmailAddress } from '../../model/names.ts';
import { answer, type Found } from '../../protocols/answer.ts';
import type { Endpoint, Rendition } from '../../protocols/protocol.ts';
import { readerOf } from '../../protocols/readers.ts';
import { PROTOCOLS } from '../../protocols/registry.ts';
import { JSON_OPTION, RECORD_OPTIONS, SITE_OPTION, siteOf } from '../options.ts';
import { openRecords } from '../source.ts';
import { type ExitCode, note, paint, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost render alice@example.org --record example.org.json
      what Thunderbird gets (autoconfig)
  signpost render alice@example.org --as mobileconfig --record records/ > alice.mobileconfig
      the profile for an iPhone; unsigned, since the signing key is the service's
  signpost render alice@example.org --as autoconfig --client evolution --record records/
      as one client that cannot take a list gets it
  signpost render alice@example.org --as all --record - < example.org.json
`;

/** What --as names, by endpoint. */
const FORMATS = {
	autoconfig: 'autoconfig',
	autodiscover: 'autodiscover-xml',
	'autodiscover-json': 'autodiscover-json',
	mobileconfig: 'mobileconfig',
	pacc: 'pacc',
	'mta-sts': 'mta-sts',
	jmap: 'jmap',
	caldav: 'caldav',
	carddav: 'carddav',
} as const;

type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Format[];

/** User-Agents under which the service trims its answer (src/protocols/readers.ts). */
const AGENTS = { none: '', evolution: 'Evolution/3.56', aerc: 'Go-http-client/2.0', fairemail: 'FairEmail/1.2' } as const;

interface Printed {
	readonly format: string;
	readonly request: string;
	readonly rendition: Rendition;
}

export default defineCommand({
	meta: { name: 'render', description: 'Print what a client would be answered, byte for byte.' },
	args: {
		address: { type: 'positional', required: true, description: 'the user’s e-mail address' },
		as: { type: 'enum', options: [...NAMES, 'zone', 'all'], default: 'autoconfig', description: 'which format' },
		client: {
			type: 'enum',
			options: Object.keys(AGENTS),
			default: 'none',
			description: 'as this client gets it, where the service tells them apart',
		},
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const address = parseEmailAddress(args.address);
		if (address === null)
			return stop({
				what: `"${args.address}" is no e-mail address`,
				todo: 'Give one such as alice@example.org; the local part need not exist.',
			});
		const records = await openRecords(args);
		if (!records.ok) return stop(records.error);
		const found = await records.value.find(address.domain);
		if (!found.ok) return stop(found.error);
		const site = siteOf(args);
		if (!site.ok) return stop(site.error);
		const userAgent = AGENTS[args.client as keyof typeof AGENTS];
		const printed: Printed[] = NAMES.filter((name) => args.as === name || args.as === 'all').map((name) =>
			render(name, address, found.value, userAgent),
		);
		if (args.as === 'zone' || args.as === 'all') {
			const config = resolve(found.value.record, found.value.domain, { kind: 'domain', domain: found.value.domain }, Date.now());
			if (!config.ok) return stop({ what: `the record's ${config.error.path} ${config.error.reason}` });
			if (site.value === null)
				return stop({ what: 'no --site is given', todo: 'Give the host name of your service, for the CNAME records.' });
			const body = renderZone(found.value.domain, await expectedRecords(config.value, site.value));
			printed.push({ format: 'zone', request: 'DNS', rendition: { type: 'text/dns', body } });
		}
		if (args.json) writeJson(printed.map(({ format, request, rendition }) => ({ format, request, status: 200, ...rendition })));
		else if (args.as === 'all')
			for (const each of printed)
				write(`${paint('bold', `== ${each.format}: ${each.request}`)}\n${head(each.rendition)}\n${each.rendition.body}\n`);
		else for (const each of printed) writeOne(each);
		return printed.some(({ rendition }) => (rendition.status ?? 200) >= 400) && args.as !== 'all' ? 1 : 0;
	},
});

function render(format: Format, address: EmailAddress, found: Found, userAgent: string): Printed {
	const { protocol, endpoint } = endpointOf(FORMATS[format]);
	const place = endpoint.at[0];
	const request = { ...endpoint.ask(address, place), userAgent };
	const question = endpoint.hear(request);
	const answered = question.ok ? answer(question.value, found, readerOf(protocol, request), Date.now()) : question;
	const rendition = answered.ok ? answered.value : endpoint.refuse(answered.error);
	const query = request.query === '' ? '' : `?${request.query}`;
	return { format, request: `${request.method} https://${request.host}${request.path}${query}`, rendition };
}

function endpointOf(id: string): { readonly protocol: string; readonly endpoint: Endpoint } {
	for (const protocol of PROTOCOLS)
		for (const endpoint of protocol.endpoints) if (endpoint.id === id) return { protocol: protocol.id, endpoint };
	throw new Error(`no endpoint ${id} in the registry`);
}

function head({ status = 200, type, location }: Rendition): string {
	return `${status} ${type}${location === undefined ? '' : `, to ${location}`}\n`;
}

/** The body alone on stdout, so that it can be piped; what is no plain 200 is said beside it. */
function writeOne({ rendition, request }: Printed): void {
	write(rendition.body);
	if ((rendition.status ?? 200) !== 200) note(`${request}: ${head(rendition)}`);
}
