/** `signpost render`: prints exactly the bytes that a client would get. */
import { defineCommand } from 'citty';
import { renderZoneFile } from '../../../dns/zone-file.ts';
import { resolveConfig } from '../../../model/config.ts';
import type { ResolvedRecord } from '../../../model/lookup.ts';
import { type EmailAddress, parseEmailAddress } from '../../../model/names.ts';
import { answerQuery } from '../../../protocols/answer-query.ts';
import { lastEntryClientOf } from '../../../protocols/last-entry-clients.ts';
import type { Endpoint, WireResponse } from '../../../protocols/protocol.ts';
import { PROTOCOLS } from '../../../protocols/registry.ts';
import { readWantedDns } from '../../dns/wanted-dns.ts';
import { JSON_OPTION, parseSite, RECORD_OPTIONS, SITE_MISSING, SITE_OPTION } from '../../options.ts';
import { type ExitCode, fail, hint, paint, write, writeDocument, writeJson } from '../../terminal.ts';
import { createRecordSource } from '../../workspace/record-source.ts';

export const examples = `EXAMPLES

  signpost render alice@example.org --record example.org.json
      what Thunderbird gets (autoconfig)
  signpost render alice@example.org --as mobileconfig --record records/ > alice.mobileconfig
      the profile for an iPhone; unsigned, since the signing key is the service's
  signpost render alice@example.org --as autoconfig --client evolution --record records/
      as one client that cannot take a list gets it
  signpost render alice@example.org --as all --record - < example.org.json
`;

/** The endpoints that --as can name. */
const ENDPOINT_BY_FORMAT = {
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

type RenderFormat = keyof typeof ENDPOINT_BY_FORMAT;
const RENDER_FORMATS = Object.keys(ENDPOINT_BY_FORMAT) as RenderFormat[];

/** User-Agents for which the service changes its answer (src/protocols/last-entry-clients.ts). */
const USER_AGENTS = { none: '', evolution: 'Evolution/3.56', aerc: 'Go-http-client/2.0', fairemail: 'FairEmail/1.2' } as const;

interface RenderedFormat {
	readonly format: string;
	readonly request: string;
	readonly response: WireResponse;
}

export default defineCommand({
	meta: { name: 'render', description: 'Print what a mail client would be served, byte for byte.' },
	args: {
		address: { type: 'positional', required: true, description: 'the user’s e-mail address' },
		as: { type: 'enum', options: [...RENDER_FORMATS, 'zone', 'all'], default: 'autoconfig', description: 'which format' },
		client: {
			type: 'enum',
			options: Object.keys(USER_AGENTS),
			default: 'none',
			description: 'as this client is served, where the service treats it differently',
		},
		...RECORD_OPTIONS,
		...SITE_OPTION,
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const address = parseEmailAddress(args.address);
		if (address === null)
			return fail({
				message: `"${args.address}" is no e-mail address`,
				hint: 'Give one such as alice@example.org; the local part need not exist.',
			});
		const records = await createRecordSource(args);
		if (!records.ok) return fail(records.error);
		const found = await records.value.find(address.domain);
		if (!found.ok) return fail(found.error);
		const site = parseSite(args);
		if (!site.ok) return fail(site.error);
		const userAgent = USER_AGENTS[args.client as keyof typeof USER_AGENTS];
		const printed: RenderedFormat[] = RENDER_FORMATS.filter((name) => args.as === name || args.as === 'all').map((name) =>
			renderFormat(name, address, found.value, userAgent),
		);
		if (args.as === 'zone' || args.as === 'all') {
			const config = resolveConfig(found.value.record, found.value.domain, { kind: 'domain', domain: found.value.domain }, Date.now());
			if (!config.ok) return fail({ message: `the record's ${config.error.path} ${config.error.reason}` });
			const wanted = await readWantedDns(records.value, found.value, config.value, site.value, Date.now());
			if (!wanted.ok) return fail(wanted.error);
			if (wanted.value.site === null) return fail(SITE_MISSING);
			const body = renderZoneFile(found.value.domain, wanted.value.expected);
			printed.push({ format: 'zone', request: 'DNS', response: { type: 'text/dns', body } });
		}
		if (args.json) writeJson(printed.map(({ format, request, response }) => ({ format, request, status: 200, ...response })));
		else if (args.as === 'all')
			for (const each of printed)
				write(`${paint('bold', `== ${each.format}: ${each.request}`)}\n${renderHead(each.response)}\n${each.response.body}\n`);
		else for (const each of printed) writeBody(each);
		return printed.some(({ response }) => (response.status ?? 200) >= 400) && args.as !== 'all' ? 1 : 0;
	},
});

function renderFormat(format: RenderFormat, address: EmailAddress, found: ResolvedRecord, userAgent: string): RenderedFormat {
	const { protocol, endpoint } = endpointById(ENDPOINT_BY_FORMAT[format]);
	const place = endpoint.locations[0];
	const request = { ...endpoint.sampleRequest(address, place), userAgent };
	const question = endpoint.parseRequest(request);
	const answered = question.ok ? answerQuery(question.value, found, lastEntryClientOf(protocol, request), Date.now()) : question;
	const rendition = answered.ok ? answered.value : endpoint.renderProblem(answered.error);
	const query = request.query === '' ? '' : `?${request.query}`;
	return { format, request: `${request.method} https://${request.host}${request.path}${query}`, response: rendition };
}

function endpointById(id: string): { readonly protocol: string; readonly endpoint: Endpoint } {
	for (const protocol of PROTOCOLS)
		for (const endpoint of protocol.endpoints) if (endpoint.id === id) return { protocol: protocol.id, endpoint };
	throw new Error(`no endpoint ${id} in the registry`);
}

function renderHead({ status = 200, type, location }: WireResponse): string {
	return `${status} ${type}${location === undefined ? '' : `, to ${location}`}\n`;
}

/** Prints only the body to stdout, byte for byte in a pipe. Any status but 200 is reported on stderr. */
function writeBody({ response, request }: RenderedFormat): void {
	writeDocument(response.body);
	if ((response.status ?? 200) !== 200) hint(`${request}: ${renderHead(response)}`);
}
