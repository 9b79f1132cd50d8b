/** The programs whose configuration an import reads, with the files that each needs. */

export interface ConfigurationFormat {
	readonly title: string;
	/** For people: which files, and where they come from. */
	readonly files: string;
	/** What is read, with its version. */
	readonly source: string;
}

export const CONFIGURATION_FORMATS = {
	automx3: {
		title: 'automx 3',
		files: 'automx.conf',
		source: 'docs/configuration.md of 3.0.0-beta.4',
	},
	environment: {
		title: 'autodiscover-email-settings',
		files: 'the env file, docker-compose.yml or wrangler.toml with its variables',
		source: 'README of Monogramm (2024-02) and of jogerj (2.0.2)',
	},
	mailcow: {
		title: 'mailcow',
		files: 'mailcow.conf, and the answers of /api/v1/get/domain/all and /api/v1/get/alias-domain/all',
		source: 'generate_config.sh and the API of 2026-08',
	},
	'mail-in-a-box': {
		title: 'Mail-in-a-Box',
		files: '/etc/mailinabox.conf, and the answer of /admin/mail/domains',
		source: 'setup and API of version 75',
	},
	stalwart: {
		title: 'Stalwart',
		files: 'a snapshot of stalwart-cli (0.16); config.toml or dumped settings, and dumped principals (0.15)',
		source: 'documentation of 0.15 and 0.16',
	},
	mox: {
		title: 'mox',
		files: 'mox.conf and domains.conf',
		source: 'config/doc.go of 0.0.17',
	},
	autodiscover: {
		title: 'Autodiscover (XML)',
		files: 'the answer of a running service; without a file the domain’s own is asked for',
		source: 'MS-OXDSCLI',
	},
} as const satisfies Record<string, ConfigurationFormat>;

export type ConfigurationFormatName = keyof typeof CONFIGURATION_FORMATS;

export const CONFIGURATION_FORMAT_NAMES = Object.keys(CONFIGURATION_FORMATS) as ConfigurationFormatName[];
