/** Everything that can be wrong with a client's request, with the details. Each protocol renders it in its own error format. */
export type Problem =
	/** Neither the domain of the address nor the host of the request has a record. */
	| { readonly code: 'unknown-domain' }
	/** The protocol needs an address and the request has none. */
	| { readonly code: 'no-address' }
	/** The text that was sent as an address is none. */
	| { readonly code: 'bad-address' }
	/** The body is not the document that the protocol expects. */
	| { readonly code: 'bad-request'; readonly why: 'dtd' | 'malformed' | 'no-request' | 'too-large' }
	/** Autodiscover was asked for another protocol's settings. */
	| { readonly code: 'unsupported-schema' }
	| { readonly code: 'unsupported-protocol'; readonly protocol: string }
	| { readonly code: 'no-protocol' }
	/** The record offers no service that this protocol can describe. */
	| { readonly code: 'not-offered' }
	/** The record leaves this protocol to another service. */
	| { readonly code: 'elsewhere' }
	/** The record has settings that this format cannot express; `reasons` are paths into the record. */
	| { readonly code: 'inexpressible'; readonly reasons: readonly string[] }
	/** The stored record does not parse: a mistake of the operator, not of the client. */
	| { readonly code: 'bad-record'; readonly key: string; readonly path: string; readonly reason: string };

export type ProblemCode = Problem['code'];

/** What each code means, for the documentation. */
export const PROBLEM_DESCRIPTIONS = {
	'unknown-domain': 'No record for the domain of the address, nor for the host that was asked.',
	'no-address': 'The protocol needs an e-mail address and none was given.',
	'bad-address': 'What was given as an e-mail address is none.',
	'bad-request': 'The body is not the document it should be, or larger than allowed.',
	'unsupported-schema':
		'Autodiscover was asked for a response schema other than Outlook 2006a, or for MobileSync where the record has no ActiveSync.',
	'unsupported-protocol':
		'Autodiscover v2 was asked for a protocol other than AutodiscoverV1, or for ActiveSync where the record has none.',
	'no-protocol': 'Autodiscover v2 was asked without naming a protocol.',
	'not-offered': 'The record has nothing that this protocol could tell.',
	elsewhere: 'The record leaves Autodiscover to another service.',
	inexpressible: 'The record says something that the format has no words for.',
	'bad-record': 'The stored record does not parse; the log names its key and the field at fault.',
} as const satisfies Record<ProblemCode, string>;
