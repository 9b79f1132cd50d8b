/** What each kind of mail client offers in TLS and demands of a certificate. The verdicts and docs/tls.md are made from this table. */

export interface TlsClientClass {
	readonly name: string;
	/** The versions that it has enabled by default, newest first. */
	readonly versions: readonly ('TLSv1.3' | 'TLSv1.2' | 'TLSv1.1' | 'TLSv1')[];
	/** The key exchanges that it has in TLS 1.2 and older. */
	readonly keyExchanges: readonly ('ECDHE' | 'DHE' | 'RSA')[];
	/** Whether it has AES-GCM; otherwise it only has CBC. */
	readonly hasAead: boolean;
	readonly certificates: readonly ('RSA' | 'EC')[];
	/** The smallest Diffie-Hellman group that it accepts, in bits. */
	readonly minDhBits: number;
	readonly minRsaBits: number;
	readonly refusesSha1: boolean;
	/** Whether the name must be a subject alternative name, because the common name is ignored. */
	readonly needsAlternativeName: boolean;
	readonly needsServerUse: boolean;
	readonly maxLifeDays: number | null;
	readonly enforcesStaple: boolean;
	readonly sendsServerName: boolean;
	/** What it does with a bad certificate: it ends the connection, or it asks its user. */
	readonly onBadCertificate: 'refuses' | 'warns';
	/** Where this is documented. */
	readonly source: string;
	/** `run`: this project has observed it with the client itself. */
	readonly evidence: 'run' | 'read, not run';
}

/** Whether one kind of client can use one port. */
export interface ClientVerdict {
	/** The host and port. */
	readonly place: string;
	/** The name of the class. */
	readonly client: string;
	/** `unknown`: the server broke off before what this client offers could be tried. */
	readonly verdict: 'connects' | 'warns' | 'refuses' | 'unknown';
	/** Why it does not connect; empty where it does. */
	readonly reason: string;
	readonly evidence: TlsClientClass['evidence'];
	readonly source: string;
}

const MODERN = {
	versions: ['TLSv1.3', 'TLSv1.2'],
	keyExchanges: ['ECDHE', 'RSA'],
	hasAead: true,
	certificates: ['RSA', 'EC'],
	minDhBits: 1024,
	minRsaBits: 1024,
	refusesSha1: true,
	needsAlternativeName: true,
	needsServerUse: false,
	maxLifeDays: null,
	enforcesStaple: false,
	sendsServerName: true,
	onBadCertificate: 'warns',
	evidence: 'read, not run',
} as const satisfies Partial<TlsClientClass>;

export const TLS_CLIENT_CLASSES: readonly TlsClientClass[] = [
	{
		...MODERN,
		name: 'iOS 13 and later, macOS 10.15 and later (Mail)',
		versions: ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'],
		minRsaBits: 2048,
		needsServerUse: true,
		maxLifeDays: 825,
		source: 'support.apple.com/103769 (certificates); Apple Platform Security, “TLS security” (versions, SHA-1, RSA)',
	},
	{
		...MODERN,
		name: 'Thunderbird 78 and later',
		enforcesStaple: true,
		source:
			'Thunderbird 78.0 release notes (TLS 1.0 and 1.1 off); Firefox 78 release notes (DHE removed); NSS mozilla::pkix (must-staple, SHA-1, names)',
	},
	{
		...MODERN,
		name: 'Outlook on Windows 10 and 11 (Schannel)',
		keyExchanges: ['ECDHE', 'DHE', 'RSA'],
		source:
			'Microsoft Learn, “TLS cipher suites in Windows 11”; techcommunity.microsoft.com 3887947 (TLS 1.0 and 1.1 off from 2023 on); MS15-055 (DHE of 1024 bits); KB2661254 (RSA of 1024 bits)',
	},
	{
		...MODERN,
		name: 'Android 10 and later (Gmail, Samsung Email)',
		source:
			'developer.android.com, javax.net.ssl.SSLSocket (protocols and cipher suites by API level); Android 10 behaviour changes (SHA-1)',
	},
	{
		...MODERN,
		name: 'K-9 Mail 6 and later, Thunderbird for Android',
		source: 'thunderbird-android, DefaultTrustedSocketFactory (what the system has, without SSL 3, RC4, 3DES and anonymous ciphers)',
	},
	{
		...MODERN,
		name: 'Java 8 before update 261 (Jakarta Mail)',
		versions: ['TLSv1.2', 'TLSv1.1', 'TLSv1'],
		keyExchanges: ['ECDHE', 'DHE', 'RSA'],
		refusesSha1: false,
		needsAlternativeName: false,
		onBadCertificate: 'refuses',
		source: 'JDK 8 JSSE Reference Guide (protocols, ciphers); Oracle’s JRE and JDK Cryptographic Roadmap (limits by update)',
	},
	{
		...MODERN,
		name: 'Printers and scanners of ten years ago',
		versions: ['TLSv1'],
		keyExchanges: ['RSA'],
		hasAead: false,
		certificates: ['RSA'],
		refusesSha1: false,
		needsAlternativeName: false,
		sendsServerName: false,
		onBadCertificate: 'refuses',
		source: 'Microsoft Learn, “Opt in to the Exchange Online endpoint for legacy TLS clients using SMTP AUTH” (devices without TLS 1.2)',
	},
];
