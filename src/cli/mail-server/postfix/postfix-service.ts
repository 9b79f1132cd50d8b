/** An smtpd service of master.cf, with what the checks need to know of it. */
import type { SocketOffer } from '../../../model/config.ts';
import { createSettingReader, type SettingReader } from './expand-setting.ts';
import { listeningAddress, listeningPort, type MasterCfService, type PostfixFiles } from './parse-postfix.ts';
import { isYes } from './postfix-settings.ts';

export interface SmtpdService {
	readonly service: MasterCfService;
	readonly settings: SettingReader;
	/** The name of the service in findings. */
	readonly place: string;
	/** The port on which clients reach it; 25 for the service behind postscreen; null where the name of the port is not known. */
	readonly port: number | null;
	/** Whether only programs on the same machine can reach it. */
	readonly isLocal: boolean;
	/** Whether `master_service_disable` turns it off. */
	readonly isDisabled: boolean;
	/** What the record offers on its port; null where it offers nothing there. */
	readonly offer: SocketOffer | null;
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/i;
const SMTP_PORT = 25;

export function smtpdServices({ main, services }: PostfixFiles, offers: readonly SocketOffer[]): readonly SmtpdService[] {
	const hasPostscreen = services.some(({ type, command }) => type === 'inet' && command === 'postscreen');
	return services
		.filter(({ type, command }) => command === 'smtpd' && (type === 'inet' || (type === 'pass' && hasPostscreen)))
		.map((service) => {
			const settings = createSettingReader(main, service);
			const port = service.type === 'pass' ? SMTP_PORT : listeningPort(service);
			return {
				service,
				settings,
				place: `master.cf: ${service.name} ${service.type}`,
				port,
				isLocal: service.type === 'inet' && isLocal(service, settings.value('inet_interfaces')),
				isDisabled: isDisabled(service, settings.value('master_service_disable')),
				offer: offers.find((offer) => service.type === 'inet' && offer.port === port) ?? null,
			};
		});
}

function isLocal(service: MasterCfService, interfaces: string): boolean {
	const address = listeningAddress(service);
	if (address !== null) return LOOPBACK.test(address);
	const names = interfaces.split(/[\s,]+/).filter((name) => name !== '');
	return names.length > 0 && names.every((name) => name === 'loopback-only' || LOOPBACK.test(name.replace(/[[\]]/g, '')));
}

/**
 * Whether `master_service_disable` turns a service off. The first matching pattern decides; `!` keeps the service on (postconf(5)). Before
 * 2.11 a dot was used in place of the slash.
 */
function isDisabled({ name, type }: MasterCfService, list: string): boolean {
	const match = list
		.split(/[\s,]+/)
		.filter((pattern) => pattern !== '')
		.find((pattern) => [type, `${name}/${type}`, `${name}.${type}`].includes(pattern.replace(/^!/, '')));
	return match !== undefined && !match.startsWith('!');
}

/** Whether TLS is required before logins and mail: it begins with the first byte, or STARTTLS must come first. */
export function isTlsRequired({ settings }: SmtpdService): boolean {
	if (isYes(settings.value('smtpd_tls_wrappermode'))) return true;
	// smtpd_enforce_tls is the older setting, which smtpd_tls_security_level overrides.
	const level = settings.value('smtpd_tls_security_level');
	return level === '' ? isYes(settings.value('smtpd_enforce_tls')) : level === 'encrypt';
}

/** Says what to write and where: as -o of the service, or in main.cf where the value comes from there. */
export function settingRemedy({ service, settings }: SmtpdService, name: string, wanted: string, scope: 'service' | 'host'): string {
	const place = `"${service.name} ${service.type}" in master.cf`;
	if (settings.origin(name) === 'override') return `Change -o ${name}=${settings.value(name)} of ${place} to -o ${name}=${wanted}.`;
	return scope === 'service' ? `Add -o ${name}=${wanted} to ${place}.` : `Set ${name} = ${wanted} in main.cf.`;
}
