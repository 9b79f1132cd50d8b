/**
 * The record of a mail domain. This one schema gives the types, the validation, the JSON Schema, the documentation and the console's forms.
 */
import * as v from 'valibot';
import { err, ok, type Result } from '../lib/result.ts';
import { WEEK_SECONDS } from '../lib/time.ts';
import { MAX_URL_LENGTH } from './names.ts';
import * as field from './record-fields.ts';
import { login, services } from './record-services.ts';
import { PUBLISHED_NAMES_CHOICES } from './service-labels.ts';

const provider = v.strictObject({
	name: field.singleLineText(60, {
		title: 'Name',
		description: 'Shown to users while they set up; 30 characters or fewer fit everywhere.',
	}),
	shortName: v.optional(field.singleLineText(20, { title: 'Short name', description: '12 characters or fewer fit everywhere.' })),
	website: v.optional(field.url({ title: 'Website' })),
	help: v.optional(field.url({ title: 'Help page', description: 'Where users find instructions.' })),
	logo: v.optional(
		field.picture({
			title: 'Logo',
			description: 'For the set-up page: data:image/…;base64,… of 12 KB at most, or an https URL, which every visitor then fetches.',
		}),
	),
	colour: v.optional(
		field.colour({ title: 'Colour', description: 'For the set-up page, as #rrggbb; darkened or lightened there until it can be read.' }),
	),
});

const oauth = v.strictObject({
	issuer: v.pipe(field.issuer(), v.title('Issuer'), v.description('Compared letter by letter (RFC 8414).')),
	authUrl: field.url({ title: 'Authorization endpoint' }),
	tokenUrl: field.url({ title: 'Token endpoint' }),
	scope: field.singleLineText(1000, { title: 'Scope', description: 'One list, separated by blanks, that covers every service.' }),
});

/** The default of `maxAge` in seconds. RFC 8461 §3.2 expects "weeks or greater". */
export const DEFAULT_MTA_STS_MAX_AGE = WEEK_SECONDS;

const mtaSts = v.pipe(
	v.strictObject({
		mode: v.pipe(
			v.picklist(['enforce', 'testing', 'none'], 'must be "enforce", "testing" or "none"'),
			v.title('Mode'),
			v.description('Start with "testing".'),
		),
		mx: v.optional(
			v.pipe(
				v.array(field.host({ title: 'MX host' }, true), 'must be a list'),
				v.maxLength(32, 'must have at most 32 entries'),
				v.readonly(),
				v.title('MX hosts'),
				v.description('As the MX records name them; *.example.org covers one label.'),
			),
			[],
		),
		maxAge: v.optional(
			v.pipe(
				v.number('must be a number of seconds'),
				v.integer('must be a whole number of seconds'),
				v.minValue(0, 'must not be negative'),
				// RFC 8461 §3.2: max_age is at most 31557600.
				v.maxValue(31557600, 'must be at most 31557600 seconds (a year)'),
				v.title('Maximum age'),
				v.description('Seconds for which senders keep the policy.'),
			),
			DEFAULT_MTA_STS_MAX_AGE,
		),
	}),
	// RFC 8461 §3.2: at least one mx, unless the mode is none.
	v.check((policy) => policy.mode === 'none' || policy.mx.length > 0, 'needs at least one mx unless its mode is "none"'),
	v.title('MTA-STS policy'),
	v.description('For mail servers that send to this domain (RFC 8461).'),
);

const tlsRpt = v.pipe(
	v.strictObject({
		rua: v.pipe(
			v.array(field.reportUri(), 'must be a list'),
			v.minLength(1, 'must name at least one place'),
			v.maxLength(8, 'must have at most 8 entries'),
			v.readonly(),
			v.title('Where reports go'),
			v.description('mailto: or https: URIs, as in mailto:tls-reports@example.org.'),
		),
	}),
	v.title('TLS reports'),
	v.description('Asks senders for reports on failed TLS (RFC 8460).'),
);

const names = v.pipe(
	v.picklist(PUBLISHED_NAMES_CHOICES, `must be ${PUBLISHED_NAMES_CHOICES.map((choice) => `"${choice}"`).join(' or ')}`),
	v.title('Names in DNS'),
	v.description(
		'Which names lead to this service: "all" (autoconfig, autodiscover, ua-auto-config, mta-sts, each where the record has use for it), "autoconfig-autodiscover", or "none", where other services have them. Default: as the service is set, "all" unless NAMES says otherwise.',
	),
);

const autodiscover = v.pipe(
	v.union(
		[
			v.literal('none'),
			v.strictObject({
				redirectUrl: field.url({
					title: 'Other service',
					description: 'Where clients ask instead: the https URL of its autodiscover.xml. %EMAILDOMAIN% stands for the domain that asks.',
				}),
			}),
			v.strictObject({
				redirectAddr: field.addressTemplate({
					title: 'Other address',
					description:
						'The address with which clients ask again, in a domain that has its own Autodiscover, as in %EMAILLOCALPART%@example.onmicrosoft.com.',
				}),
			}),
		],
		'must be "none", {"redirectUrl": …} or {"redirectAddr": …}',
	),
	v.title('Autodiscover'),
	v.description(
		'For domains whose Autodiscover is another service’s: "none" leaves it to that one, here and in DNS; "redirectUrl" and "redirectAddr" send clients there. Default: answered here.',
	),
);

const loginDomain = v.pipe(
	v.picklist(['a-label', 'u-label'], 'must be "a-label" or "u-label"'),
	v.title('Domain in logins'),
	v.description(
		'For domains with letters beyond ASCII: how the server wants the domain in a login, "a-label" (xn--bcher-kva.example) or "u-label" (bücher.example). Default: A-labels where an answer has the address itself; autoconfig leaves it to what the user typed.',
	),
);

const schemaReference = v.optional(v.pipe(v.string('must be a URL'), v.maxLength(MAX_URL_LENGTH), v.description('For editors; ignored.')));

/** Fields that belong to a domain rather than to the servers behind it: an alias may have its own. */
const domainFields = {
	login: v.optional(login),
	loginDomain: v.optional(loginDomain),
	autodiscover: v.optional(autodiscover),
	mtaSts: v.optional(mtaSts),
	tlsRpt: v.optional(tlsRpt),
	names: v.optional(names),
};

export const DomainRecord = v.strictObject({
	$schema: schemaReference,
	kind: v.literal('domain'),
	provider,
	services,
	oauth: v.optional(v.pipe(oauth, v.title('OAuth 2.0'))),
	...domainFields,
});
export type DomainRecord = v.InferOutput<typeof DomainRecord>;

/** Fields of the shared record that an alias may do without; `provider` is needed by every record. */
export const ALIAS_WITHOUT_CHOICES = [
	'login',
	'loginDomain',
	'autodiscover',
	'mtaSts',
	'tlsRpt',
	'names',
] as const satisfies readonly (keyof typeof domainFields)[];

const without = v.pipe(
	v.array(
		v.picklist(ALIAS_WITHOUT_CHOICES, `must be ${ALIAS_WITHOUT_CHOICES.map((choice) => `"${choice}"`).join(' or ')}`),
		'must be a list',
	),
	v.minLength(1, 'must name at least one field'),
	v.check((list) => new Set(list).size === list.length, 'must not repeat itself'),
	v.readonly(),
	v.title('Not from the other record'),
	v.description(
		'Fields of the other record that do not hold for this domain, as in ["tlsRpt"]: it is served as if they were not there, with their defaults.',
	),
);

export const AliasRecord = v.pipe(
	v.strictObject({
		$schema: schemaReference,
		kind: v.literal('alias'),
		of: field.domain({
			title: 'Served like',
			description:
				'The domain whose record this one shares. That one must not be an alias. What else stands here takes the place of the same field there.',
		}),
		provider: v.optional(provider),
		...domainFields,
		without: v.optional(without),
	}),
	v.rawCheck(({ dataset, addIssue }) => {
		if (!dataset.typed) return;
		const { value } = dataset;
		const both = (value.without ?? []).filter((name) => value[name] !== undefined);
		if (both.length > 0)
			addIssue({
				message: `must not name what stands in this record itself (${both.join(', ')})`,
				path: [{ type: 'object', origin: 'value', input: value, key: 'without', value: value.without }],
			});
	}),
);
export type AliasRecord = v.InferOutput<typeof AliasRecord>;

/** What an alias may have of its own. Each takes the place of the whole field in the record that is shared. */
export const ALIAS_OVERRIDES = ['provider', ...ALIAS_WITHOUT_CHOICES] as const satisfies readonly (keyof AliasRecord &
	keyof DomainRecord)[];
export type AliasOverride = (typeof ALIAS_OVERRIDES)[number];

export const ServiceRecord = v.variant('kind', [DomainRecord, AliasRecord], 'must be "domain" or "alias"');
export type ServiceRecord = v.InferOutput<typeof ServiceRecord>;
export type ServiceRecordInput = v.InferInput<typeof ServiceRecord>;

/** A fault of a record: the path of the field (`services.imap.host`, empty for the record as a whole), and what is wrong with it. */
export interface RecordFault {
	readonly path: string;
	readonly reason: string;
}

/**
 * Validates a record, fills in the defaults of its MTA-STS policy and converts names to A-labels. Every fault is reported, not just the
 * first.
 */
export function parseRecord(input: unknown): Result<ServiceRecord, readonly RecordFault[]> {
	// Valibot takes an array for an object. As no service is required, an array would pass as a record without services.
	if (typeof input === 'object' && input !== null && 'services' in input && Array.isArray(input.services))
		return err([{ path: 'services', reason: 'must be an object' }]);
	// The first fault of a value ends its checks: no pattern sees a text that is too long.
	const parsed = v.safeParse(ServiceRecord, input, { abortPipeEarly: true });
	return parsed.success ? ok(parsed.output) : err(parsed.issues.map(toRecordFault));
}

/** Parses a record from JSON text, and says everything that is wrong with it. */
export function parseRecordText(text: string): Result<ServiceRecord, readonly RecordFault[]> {
	let input: unknown;
	try {
		input = JSON.parse(text);
	} catch {
		return err([{ path: '', reason: 'is not JSON' }]);
	}
	return parseRecord(input);
}

/** One of valibot's issues as a fault, with a reason in this project's wording. */
export function toRecordFault(issue: v.BaseIssue<unknown>): RecordFault {
	const path = v.getDotPath(issue) ?? '';
	if (issue.type === 'strict_object' && issue.expected === 'never') return { path, reason: 'is not a field of a record' };
	if (issue.input === undefined) return { path, reason: 'is missing' };
	// The schema has no message for an object of the wrong type, and none of its own for a record that is no object at all.
	if (issue.type === 'strict_object' || (path === '' && !(typeof issue.input === 'object' && issue.input !== null)))
		return { path, reason: 'must be an object' };
	return { path, reason: issue.message };
}
