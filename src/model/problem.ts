/** Everything that can be wrong with a client's question, with its evidence. Sentences are made at the rim, once per dialect. */
export type Problem =
	/** Neither the address's domain nor the host asked has a record. */
	| { readonly code: 'unknown-domain' }
	/** The protocol needs an address and none came. */
	| { readonly code: 'no-address' }
	/** What came as an address is none. */
	| { readonly code: 'bad-address' }
	/** A body that is not the document it should be; `why` never holds what was sent. */
	| { readonly code: 'bad-request'; readonly why: 'dtd' | 'malformed' | 'no-request' | 'too-large' }
	/** Autodiscover was asked for another protocol's settings. */
	| { readonly code: 'unsupported-schema' }
	| { readonly code: 'unsupported-protocol'; readonly protocol: string }
	| { readonly code: 'no-protocol' }
	/** The record has nothing that this protocol could tell. */
	| { readonly code: 'not-offered' }
	/** The record says something this format has no words for; `reasons` are paths into the record. */
	| { readonly code: 'inexpressible'; readonly reasons: readonly string[] }
	/** The stored record does not parse: the operator's fault. */
	| { readonly code: 'bad-record'; readonly key: string; readonly path: string; readonly reason: string };

export type ProblemCode = Problem['code'];

/** What each code means, for the README and for operators. */
export const PROBLEM_DESCRIPTIONS = {
	'unknown-domain': 'No record for the domain of the address, nor for the host that was asked.',
	'no-address': 'The protocol needs an e-mail address and none was given.',
	'bad-address': 'What was given as an e-mail address is none.',
	'bad-request': 'The body is not the document it should be, or larger than allowed.',
	'unsupported-schema': 'Autodiscover was asked for a response schema other than Outlook 2006a.',
	'unsupported-protocol': 'Autodiscover v2 was asked for a protocol other than AutodiscoverV1.',
	'no-protocol': 'Autodiscover v2 was asked without naming a protocol.',
	'not-offered': 'The record has nothing that this protocol could tell.',
	inexpressible: 'The record says something that the format has no words for.',
	'bad-record': 'The stored record does not parse; the log names its key and the field at fault.',
} as const satisfies Record<ProblemCode, string>;
