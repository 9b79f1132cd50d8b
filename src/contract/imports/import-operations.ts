/** The operations that make records from other formats. None of them stores anything. */
import * as body from '../bodies.ts';
import type { Operation, QueryParameter } from '../operation.ts';
import * as view from '../views.ts';
import { CONFIGURATION_FORMATS } from './configuration-formats.ts';

const CONFIGURATION_TITLES = Object.values(CONFIGURATION_FORMATS)
	.map(({ title }) => title)
	.join(', ');

export const DOMAIN_PARAMETER = {
	name: 'domain',
	type: 'string',
	description: 'A domain name, *. followed by one, or * alone.',
} as const satisfies QueryParameter;

export const IMPORT_OPERATIONS = [
	{
		id: 'importAutoconfig',
		method: 'POST',
		path: '/import/autoconfig',
		title: 'Read an autoconfig or ISPDB document',
		permission: { kind: 'scope', role: 'preview' },
		query: [{ name: 'domain', type: 'string', description: 'The domain that the record is for.' }],
		body: view.Document,
		bodyType: 'application/xml',
		bodyOptional: true,
		status: 200,
		view: view.ImportedRecordsView,
		problems: ['bad-xml', 'source-empty', 'source-cleartext', 'source-unreachable'],
		description:
			'Shows the record that the document would become, and what could not be carried over. Without a body the document is fetched from the domain over https.',
	},
	{
		id: 'importSrv',
		method: 'POST',
		path: '/import/srv',
		title: 'Read SRV records',
		permission: { kind: 'scope', role: 'preview' },
		body: body.DomainBody,
		status: 200,
		view: view.ImportedRecordsView,
		problems: ['bad-domain', 'source-empty', 'source-unreachable'],
		description: 'Looks up the RFC 6186 and RFC 6764 records of a domain in DNS (over HTTPS), and shows the record that they would become.',
	},
	{
		id: 'importAutomx2',
		method: 'POST',
		path: '/import/automx2',
		title: 'Read an automx2 seed',
		permission: { kind: 'scope', role: 'preview' },
		body: body.Automx2SeedBody,
		status: 200,
		view: view.ImportedRecordsView,
		problems: ['source-empty'],
		description:
			'Shows the record of each domain in a version 2 seed, and what could not be carried over. Passwords in it are neither kept nor shown.',
	},
	{
		id: 'importConfiguration',
		method: 'POST',
		path: '/import/configuration',
		title: 'Read another program’s configuration',
		permission: { kind: 'scope', role: 'preview' },
		body: body.ConfigurationBody,
		status: 200,
		view: view.ImportedRecordsView,
		problems: ['bad-domain', 'bad-xml', 'source-empty', 'source-cleartext', 'source-unreachable'],
		description: `Shows the records of the domains in the configuration of ${CONFIGURATION_TITLES}, and what could not be carried over. Passwords in the files are neither kept nor shown.`,
	},
] as const satisfies readonly Operation[];
