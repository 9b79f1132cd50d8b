/** The names of this machine, under which `npm start` serves over plain http. */
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1'];

/** @param hostname in lower case, without a port */
export function isLoopbackHost(hostname: string): boolean {
	return LOOPBACK_HOSTS.includes(hostname);
}
