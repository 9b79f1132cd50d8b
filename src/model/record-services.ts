/** The part of a record's schema that says what the operator runs: each service with its hosts, ports and logins. */
import * as v from 'valibot';
import { clientsCutOff } from './fallback-dependents.ts';
import * as field from './record-fields.ts';
import { SOCKET_SERVICES, type SocketService, socketPorts } from './service-ports.ts';

const authMethods = v.pipe(
	v.array(v.picklist(['oauth2', 'password'], 'must be "oauth2" or "password"'), 'must be a list'),
	v.minLength(1, 'must name at least one way to log in'),
	v.check((list) => new Set(list).size === list.length, 'must not repeat itself'),
	v.readonly(),
	v.title('Ways to log in'),
	v.description('In order of preference: "oauth2", "password". Default: OAuth2 first where the record has "oauth", then password.'),
);

/** How the user logs in, for a whole record or one service. */
export const login = v.pipe(
	field.login(),
	v.title('Login'),
	v.description('What the user logs in with: %EMAILADDRESS% (default), %EMAILLOCALPART%, or a text with those in it.'),
);

const implicitPort = v.pipe(
	v.nullable(field.port()),
	v.title('Port with implicit TLS'),
	v.description(
		`TLS from the first byte. Default: ${SOCKET_SERVICES.imap.implicit} for imap, ${SOCKET_SERVICES.pop3.implicit} for pop3, ${SOCKET_SERVICES.submission.implicit} for submission; null where the server has none.`,
	),
);

const starttlsPort = v.pipe(
	v.union(
		[
			v.null(),
			field.port(),
			v.strictObject({
				port: field.port(),
				until: v.pipe(
					field.day(),
					v.title('Offered until'),
					v.description(
						`From this day on (UTC) no client is told of it any more. For submission: new accounts in ${clientsCutOff()} find no outgoing server then.`,
					),
				),
			}),
		],
		'must be a port, null, or {"port": …, "until": "YYYY-MM-DD"}',
	),
	v.title('Port with STARTTLS'),
	v.description(
		`The fallback. Default: ${SOCKET_SERVICES.submission.starttls} for submission, ${SOCKET_SERVICES.sieve.starttls} for sieve, none for the others. With "until" it ends on that day (UTC): no client is told of it any more, and for submission new accounts in ${clientsCutOff()} find no outgoing server then.`,
	),
);

const hostAndPorts = {
	host: field.host({ title: 'Host', description: 'Name of the server; %EMAILDOMAIN% in it stands for the domain that asks.' }),
	implicit: v.optional(implicitPort),
	starttls: v.optional(starttlsPort),
};

/** What is wrong with a pair of ports, with the service's defaults for those that are left out; null where they fit. */
function portsFault(service: SocketService, ports: Parameters<typeof socketPorts>[1]): string | null {
	const { implicit, starttls } = socketPorts(service, ports);
	if (implicit === null && starttls === null) return 'offers nothing: give it an implicit or a starttls port';
	return implicit === starttls ? 'has the same port for implicit TLS and for STARTTLS' : null;
}

/** How many further hosts a service may have. */
export const MAX_ALTERNATIVES = 8;

function socketService(service: SocketService) {
	return v.pipe(
		v.strictObject({
			...hostAndPorts,
			auth: v.optional(authMethods),
			login: v.optional(login),
			alternatives: v.optional(
				v.pipe(
					v.array(
						v.pipe(
							v.strictObject(hostAndPorts),
							v.rawCheck(({ dataset, addIssue }) => {
								const message = dataset.typed ? portsFault(service, dataset.value) : null;
								if (message !== null) addIssue({ message });
							}),
						),
						'must be a list',
					),
					v.minLength(1, 'must have at least one entry'),
					v.maxLength(MAX_ALTERNATIVES, `must have at most ${MAX_ALTERNATIVES} entries`),
					v.readonly(),
					v.title('Further hosts'),
					v.description('Other hosts of the same service, in order, with the same logins. Formats that hold one server take the first.'),
				),
			),
		}),
		v.rawCheck(({ dataset, addIssue }) => {
			const message = dataset.typed ? portsFault(service, dataset.value) : null;
			if (message !== null) addIssue({ message });
		}),
	);
}

function httpService(description: string) {
	return v.pipe(
		v.strictObject({
			url: field.serviceUrl({
				title: 'URL',
				description:
					'https only. %EMAILDOMAIN% in it stands for the domain that asks; %EMAILADDRESS% and %EMAILLOCALPART% in its path or query for the user.',
			}),
			auth: v.optional(authMethods),
			login: v.optional(login),
		}),
		v.description(description),
	);
}

export const services = v.pipe(
	v.strictObject({
		imap: v.optional(socketService('imap')),
		pop3: v.optional(socketService('pop3')),
		submission: v.optional(socketService('submission')),
		sieve: v.optional(socketService('sieve')),
		jmap: v.optional(httpService('JMAP session resource (RFC 8620).')),
		caldav: v.optional(httpService('Calendars (RFC 4791).')),
		carddav: v.optional(httpService('Address books (RFC 6352).')),
		webdav: v.optional(httpService('Files (RFC 4918).')),
		activesync: v.optional(
			v.pipe(
				v.strictObject({
					url: field.url({
						title: 'URL',
						description: 'As in https://eas.example.org/Microsoft-Server-ActiveSync; %EMAILDOMAIN% in it stands for the domain that asks.',
					}),
				}),
				v.description(
					'Exchange ActiveSync, for clients that ask Autodiscover for it (MobileSync): iOS, new Outlook. Nobody else is told of it.',
				),
			),
		),
	}),
	v.title('Services'),
	v.description('What the operator runs. Order, ports and security of what clients are told follow from it.'),
);
