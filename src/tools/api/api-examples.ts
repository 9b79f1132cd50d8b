/**
 * One request for each operation of the admin API, as the OpenAPI document and the reference show it. `test/admin/api-examples.test.ts` sends
 * them to the service in this order and keeps what was answered in `api-examples.json`.
 */
import type { OperationId } from '../../contract/operations.ts';
import type { JsonValue } from './json-value.ts';

/** A request as an example shows it. */
export interface ApiExample {
	/** The variables of the path, by name. */
	readonly path?: Readonly<Record<string, string>>;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	/** The body: text as it is sent, or what is sent as JSON. */
	readonly body?: string | { readonly [key: string]: JsonValue };
	/** What the service makes up, by member of the answer, and what the example shows in its place. Later requests may use it. */
	readonly invented?: Readonly<Record<string, string>>;
}

const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org' } },
} as const;

const AUTOCONFIG_DOCUMENT = `<?xml version="1.0"?>
<clientConfig version="1.1">
  <emailProvider id="example.net">
    <domain>example.net</domain>
    <displayName>Example Net</displayName>
    <incomingServer type="imap">
      <hostname>imap.example.net</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.example.net</hostname><port>465</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
    </outgoingServer>
  </emailProvider>
</clientConfig>
`;

/** A line of a backup: the only revision of a record. */
const REVISION_LINE = {
	kind: 'revision',
	domain: 'restored.example',
	revision: 1,
	latest: true,
	at: Date.UTC(2026, 0, 2, 3, 4, 5),
	author: 'operator',
	token: null,
	act: 'put',
	note: '',
	tags: [],
	record: JSON.stringify({ kind: 'alias', of: 'example.org' }),
};

/** SHA-256 of a record that was checked, and is not the one that is saved. */
const CHECKED_DIGEST = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

/** The result of an area in which nothing was found, and nothing is unknown. */
const NOTHING_FOUND = { findings: [], furtherFindings: 0, unknowns: [], furtherUnknowns: 0 } as const;

const DOMAIN = 'example.org';
const TOKEN_ID = 'b3Jd0k2xQvWc';
const WEBHOOK_ID = '0d5f3c1e-8a47-4b21-9c36-7e2f5a9b1c04';
const CLAIM = 'sCvq1nXe4mB7rT0yUa9dLh2wZk5oGf8iPj3xNcVbE6Q';
const BULK_EDIT = 'k3m9x2q7w4zt';
const PLAN = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** The operator’s token in the examples; it opens nothing. */
export const EXAMPLE_OPERATOR_TOKEN = 'the-operator-token-of-these-examples-0001';

/** The requests, in the order in which they are sent. */
export const API_EXAMPLES: { readonly [Id in OperationId]: ApiExample } = {
	openSession: { body: { token: EXAMPLE_OPERATOR_TOKEN } },
	readSession: {},
	putDomain: {
		path: { domain: DOMAIN },
		headers: { 'If-None-Match': '*' },
		body: { record: RECORD, note: 'Moved from the old server', tags: ['customer:4711'] },
	},
	readDomain: { path: { domain: DOMAIN } },
	patchDomain: {
		path: { domain: DOMAIN },
		headers: { 'If-Match': '"1"' },
		body: { record: { provider: { name: 'Example' } }, note: 'Shorter name' },
	},
	restoreDomain: { path: { domain: DOMAIN }, headers: { 'If-Match': '"2"' }, body: { revision: 1, note: 'As it was' } },
	listDomains: { query: { q: 'example', sort: 'problems', count: 'true', limit: '10' } },
	readHistory: { path: { domain: DOMAIN }, query: { limit: '10' } },
	readRevision: { path: { domain: DOMAIN, revision: '2' }, query: { against: '1' } },
	readDns: { path: { domain: DOMAIN } },
	readDnsRecords: { path: { domain: DOMAIN } },
	readPublication: { path: { domain: DOMAIN }, invented: { plan: PLAN } },
	publishDns: { path: { domain: DOMAIN }, body: { plan: PLAN } },
	listHostnames: { query: { state: 'over-limit', limit: '10' } },
	readHostnames: { path: { domain: DOMAIN } },
	recheckHostnames: { path: { domain: DOMAIN } },
	sendCheck: {
		path: { domain: DOMAIN },
		body: {
			recordDigest: CHECKED_DIGEST,
			areas: [
				{ area: 'http', looked: 7, ...NOTHING_FOUND },
				{
					area: 'mail',
					looked: 4,
					findings: [
						{
							severity: 'error',
							code: 'cert-expired',
							place: 'imap.example.org:993',
							wanted: 'a certificate that is valid today',
							found: 'expired 2026-01-01',
							advice: 'Renew the certificate.',
						},
					],
					furtherFindings: 0,
					unknowns: [{ kind: 'unlooked', place: 'smtp.example.org:587', reason: 'no answer in time' }],
					furtherUnknowns: 0,
				},
			],
		},
	},
	readCheck: { path: { domain: DOMAIN } },
	preview: { body: { domain: DOMAIN, record: RECORD, address: `alice@${DOMAIN}` } },
	importRecords: {
		query: { dry: 'false', existing: 'keep' },
		body: `${JSON.stringify({ domain: 'example.com', record: { kind: 'alias', of: DOMAIN } })}\n`,
	},
	readAliases: { path: { domain: DOMAIN } },
	exportRecords: { query: { prefix: 'example' } },
	importAutoconfig: { query: { domain: 'example.net' }, body: AUTOCONFIG_DOCUMENT },
	importSrv: { body: { domain: 'example.net' } },
	importAutomx2: {
		body: {
			version: 2,
			provider: 'Example Net',
			domains: [{ name: 'example.net' }],
			servers: [
				{ type: 'imap', name: 'imap.example.net', port: 993 },
				{ type: 'smtp', name: 'smtp.example.net', port: 465 },
			],
		},
	},
	importConfiguration: {
		body: {
			format: 'environment',
			files: [
				[
					'COMPANY_NAME=Example Net',
					'DOMAIN=example.net',
					'IMAP_HOST=imap.example.net',
					'IMAP_PORT=993',
					'IMAP_SOCKET=SSL',
					'SMTP_HOST=smtp.example.net',
					'SMTP_PORT=465',
					'SMTP_SOCKET=SSL',
				].join('\n'),
			],
		},
	},
	mintToken: {
		body: { name: 'Deployment of example.org', role: 'write', domains: [DOMAIN], days: 90 },
		invented: { id: TOKEN_ID, secret: 'signpost_dGhpcy1zZWNyZXQtaXMtb2YtYW4tZXhhbXBsZS1vbmx5' },
	},
	listTokens: { query: { limit: '10' } },
	revokeToken: { path: { token: TOKEN_ID } },
	editRecords: {
		query: { dry: 'false' },
		body: { domains: [DOMAIN], record: { services: { submission: { starttls: false } } }, note: 'Port 587 is no longer offered' },
		invented: { edit: BULK_EDIT },
	},
	undoBulkEdit: { path: { edit: BULK_EDIT }, query: { dry: 'false' }, invented: { edit: 'p5v8c1n6r3yd' } },
	openClaim: { body: { domain: 'example.net' }, invented: { claim: CLAIM, 'record.data': 'signpost-claim=PLACEHOLDER' } },
	proveClaim: {
		path: { domain: 'example.net' },
		body: { claim: CLAIM },
		invented: { id: 'Wm4sK7qTzR1e', secret: 'signpost_dGhpcy1vbmUtaXMtb2YtYW4tZXhhbXBsZS10b28' },
	},
	readClaim: { path: { domain: 'example.net' } },
	releaseClaim: { path: { domain: 'example.net' } },
	readAudit: { query: { domain: DOMAIN, limit: '10' } },
	readUsage: { query: { step: 'day', from: '2026-01-01', to: '2026-01-31' } },
	adoptDomain: { path: { domain: DOMAIN }, headers: { 'If-Match': '"5"' }, body: { note: 'Edited in an emergency' } },
	overwriteDomain: { path: { domain: DOMAIN }, headers: { 'If-Match': '"6"' }, body: { note: 'Edited by mistake' } },
	deleteDomain: { path: { domain: DOMAIN }, headers: { 'If-Match': '"7"' }, query: { note: 'The customer has left' } },
	readBackup: { query: { part: 'records' } },
	restoreBackup: { query: { dry: 'false', newer: 'keep' }, body: `${JSON.stringify(REVISION_LINE)}\n` },
	rebuildDirectory: {},
	republishRecords: { query: { limit: '100' } },
	createWebhook: {
		body: { url: 'https://hooks.example.net/signpost', events: ['record.saved', 'record.deleted', 'check.worsened'] },
		invented: { id: WEBHOOK_ID, secret: 'whsec_dGhpcy1rZXktaXMtb2YtYW4tZXhhbXBsZS1vbmx5LiE=' },
	},
	listWebhooks: { query: { limit: '10' } },
	testWebhook: { path: { webhook: WEBHOOK_ID }, invented: { id: 'msg_test_7c1e9a52-5d0b-4f3e-8b6a-2f9d4c7e1a30' } },
	readDeliveries: { path: { webhook: WEBHOOK_ID } },
	enableWebhook: { path: { webhook: WEBHOOK_ID } },
	deleteWebhook: { path: { webhook: WEBHOOK_ID } },
	readOpenapi: {},
	closeSession: {},
};
