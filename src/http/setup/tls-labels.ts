/** What mail clients call implicit TLS and STARTTLS in the dialog where one types settings. Only those whose words are known. */

/** The words in a client's own dialog; `on` is a switch for both, and the port decides. */
export interface TlsLabels {
	readonly app: string;
	readonly tls: string;
	readonly starttls: string;
	readonly isSwitch?: true;
}

export const TLS_LABELS: readonly TlsLabels[] = [
	// comm-central, accountManager: "Connection security".
	{ app: 'Thunderbird, K-9 Mail', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// Encryption method in the IMAP settings of classic Outlook.
	{ app: 'Outlook', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// Mail User Guide, "Change Outgoing server settings": one switch, the port tells which of the two it is.
	{ app: 'Mail (Mac)', tls: 'Use TLS/SSL', starttls: 'Use TLS/SSL', isSwitch: true },
	{ app: 'Mail (iPhone, iPad)', tls: 'Use SSL', starttls: 'Use SSL', isSwitch: true },
	// "Security type" of the Gmail app for accounts elsewhere.
	{ app: 'Gmail (Android)', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// GNOME/evolution, "Encryption method".
	{ app: 'Evolution', tls: 'TLS on a dedicated port', starttls: 'STARTTLS after connecting' },
];

/** Clients that ask for the settings themselves. Each one's own rules are in the tests of this project's answers. */
export const AUTODISCOVERING_APPS: readonly string[] = [
	'Thunderbird',
	'Thunderbird for Android',
	'K-9 Mail',
	'FairEmail',
	'Delta Chat',
	'Evolution',
	'KMail',
	'Geary',
	'eM Client',
	'Mailspring',
	'Nextcloud Mail',
];
