/** What Stalwart 0.16 tells clients, by the objects of a plan: `SystemSettings` names the services, `Domain` the mail domains. */
import { SOCKET_SERVICES } from '../../model/service-ports.ts';
import {
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	normaliseHost,
} from '../../protocols/readers/advertised-settings.ts';

/** The services with ports of their own. Autoconfig of Stalwart 0.16 names the standard ports, and STARTTLS where cleartext is allowed. */
const SOCKET_TYPES = { imap: 'imap', pop3: 'pop3', smtp: 'submission', managesieve: 'sieve' } as const;
/** The paths that its autoconfig and PACC name. */
const URL_PATHS = { jmap: '/jmap/session', caldav: '/dav/cal', carddav: '/dav/card', webdav: '/dav/file' } as const;

const ACCESS = { login: '%EMAILADDRESS%', auth: ['password-cleartext'] } as const;

export interface StalwartPlan {
	/** Null where the plan does not say what the server is called. */
	readonly advertised: AdvertisedSettings | null;
	readonly domains: readonly { readonly path: string; readonly name: string }[];
}

export function readStalwartPlan(operations: readonly object[], notes: string[]): StalwartPlan {
	const domains: { path: string; name: string }[] = [];
	const settings: Record<string, unknown> = {};
	for (const operation of operations) {
		const value = objectOf(operation, 'value');
		const kind = String(Reflect.get(operation, '@type'));
		switch (String(Reflect.get(operation, 'object')).replace(/^x:/, '')) {
			case 'SystemSettings':
				Object.assign(settings, value);
				break;
			case 'Domain':
				if (kind !== 'destroy') domains.push(...domainsOf(value, notes));
				break;
			case 'NetworkListener':
				notes.push('NetworkListener: clients are told of the standard ports, whichever the listeners have.');
				break;
			default:
				// The other objects of a server are not about what clients are told.
				break;
		}
	}
	const hostname = settings.defaultHostname;
	return { advertised: typeof hostname !== 'string' || hostname === '' ? null : readSettings(settings, hostname, notes), domains };
}

/** The services of a server where a plan names none are all of Stalwart's. */
const DEFAULT_SERVICES: Readonly<Record<string, object>> = Object.fromEntries(
	[...Object.keys(SOCKET_TYPES), ...Object.keys(URL_PATHS)].map((service) => [service, {}]),
);

function readSettings(settings: Readonly<Record<string, unknown>>, hostname: string, notes: string[]): AdvertisedSettings {
	const services = isObject(settings.services) ? settings.services : DEFAULT_SERVICES;
	if (!isObject(settings.services))
		notes.push('SystemSettings.services: is not in the plan; the services that Stalwart has by default are taken.');
	const servers: AdvertisedServer[] = [];
	const urls: AdvertisedUrl[] = [];
	for (const [name, service] of Object.entries(services)) {
		const own = isObject(service) ? Reflect.get(service, 'hostname') : null;
		const host = normaliseHost(typeof own === 'string' && own !== '' ? own : hostname);
		const path = `SystemSettings.services.${name.slice(0, 40)}`;
		const allowsCleartext = isObject(service) && Reflect.get(service, 'cleartext') === true;
		if (Object.hasOwn(SOCKET_TYPES, name)) servers.push(...socketServers(name as keyof typeof SOCKET_TYPES, path, host, allowsCleartext));
		else if (Object.hasOwn(URL_PATHS, name)) {
			const kind = name as keyof typeof URL_PATHS;
			urls.push({ path, kind, url: `https://${host}${URL_PATHS[kind]}`, ...ACCESS });
		} else notes.push(`${path}: is not understood.`);
	}
	const provider = isObject(settings.providerInfo) ? settings.providerInfo : {};
	const text = (name: string) => {
		const value: unknown = Reflect.get(provider, name);
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const help = text('userDocumentation');
	for (const name of ['developerDocumentation', 'contactUri', 'logoUrl'])
		if (text(name) !== null) notes.push(`SystemSettings.providerInfo.${name}: is not carried over (${text(name)?.slice(0, 100)}).`);
	return {
		...NOTHING_ADVERTISED,
		displayName: text('providerName'),
		shortName: text('providerShortName'),
		servers,
		urls,
		documentation: help === null ? [] : [{ url: help, texts: [] }],
	};
}

/** STARTTLS stands before implicit TLS there. */
function socketServers(name: keyof typeof SOCKET_TYPES, path: string, host: string, allowsCleartext: boolean): readonly AdvertisedServer[] {
	const { implicit, registeredStarttls, kind } = SOCKET_SERVICES[SOCKET_TYPES[name]];
	const server = (port: number, security: 'tls' | 'starttls'): AdvertisedServer => ({
		path,
		direction: kind === 'smtp' ? 'outgoing' : 'incoming',
		type: kind,
		host,
		port,
		security,
		...ACCESS,
	});
	return [
		...(allowsCleartext || implicit === null ? [server(registeredStarttls, 'starttls')] : []),
		...(implicit === null ? [] : [server(implicit, 'tls')]),
	];
}

/** The domains of one operation: objects by their ids, each with a name and aliases. */
function domainsOf(value: object, notes: string[]): readonly { readonly path: string; readonly name: string }[] {
	return Object.entries(value).flatMap(([id, domain]) => {
		if (!isObject(domain)) return [];
		const path = `Domain.${id.slice(0, 40)}`;
		const { name, aliases } = domain;
		if (typeof name !== 'string') return [];
		if (domain.isEnabled === false) {
			notes.push(`${path}: ${name.slice(0, 100)} is switched off there, and left out.`);
			return [];
		}
		// A set is a map of its values to true.
		const others = Array.isArray(aliases) ? aliases.map(String) : isObject(aliases) ? Object.keys(aliases) : [];
		return [{ path, name }, ...others.map((alias) => ({ path: `${path}.aliases`, name: alias }))];
	});
}

function objectOf(operation: object, member: string): object {
	const value: unknown = Reflect.get(operation, member);
	return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
