/**
 * What becomes of new accounts in each mail client once submission with STARTTLS (587) is no longer told to clients. The warnings about a
 * record, the plan of `signpost usage` and docs/465-or-587.md all take it from here; a test holds it against what the real clients did.
 */

export interface FallbackDependent {
	/** The client's name, as in test/real-clients. */
	readonly client: string;
	/** The version that was run or read. */
	readonly version: string;
	/** `nothing`: it is set up with 465. `cut-off`: it finds no outgoing server, and its users type one in. */
	readonly effect: 'nothing' | 'cut-off';
	/** What happens, as a sentence's end in Markdown. */
	readonly happens: string;
	/** How it is known, and of which day. */
	readonly evidence: string;
}

const RUN = 'run, 2026-11-28';

export const FALLBACK_DEPENDENTS: readonly FallbackDependent[] = [
	...[
		['Thunderbird', '153'],
		['Evolution', '3.56'],
		['Geary', '46'],
		['KMail', '24.12'],
		['Delta Chat', '2.57'],
	].map(
		([client = '', version = '']): FallbackDependent => ({
			client,
			version,
			effect: 'nothing',
			happens: 'new accounts get 465, as before',
			evidence: RUN,
		}),
	),
	{
		client: 'aerc',
		version: 'of fab0531',
		effect: 'nothing',
		// lib/autoconfig/dns-srv.go: SRV goes before autoconfig, and of submission it knows `submission` and `smtps`.
		happens: 'new accounts get 465 from `_smtps._tcp`, which the zone has from that day on; without it they would have no outgoing server',
		evidence: 'read, 2026-11-28',
	},
	{
		client: 'Claws Mail',
		version: '4.3',
		effect: 'cut-off',
		happens:
			'looks up `_submission._tcp` alone: its wizard leaves an invented `smtp.` name, **without TLS and without login**, and its users must type 465 in',
		evidence: RUN,
	},
	{
		client: 'aerc',
		version: '0.20',
		effect: 'cut-off',
		happens: 'looks up `_submission._tcp` alone: it makes a wrong server up (`smtps://` with port 993), and its users must type 465 in',
		evidence: RUN,
	},
];

/** The clients that are cut off, as a part of a sentence: `Claws Mail 4.3 and aerc 0.20`. */
export function clientsCutOff(): string {
	const names = FALLBACK_DEPENDENTS.filter(({ effect }) => effect === 'cut-off').map(({ client, version }) => `${client} ${version}`);
	return names.join(' and ');
}
