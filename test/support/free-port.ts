/**
 * Finds TCP ports for servers of the tests.
 *
 * A port that the system chooses is of the range that outgoing connections use too, and it may choose the same one again before the server
 * listens. These ports lie below that range on Linux (net.ipv4.ip_local_port_range), and no process hands one out twice.
 */
import { createServer } from 'node:net';

const FIRST = 10_000;
const COUNT = 20_000;

/** Where the next search begins. Processes that run at the same time begin at different places. */
let next = (process.pid * 101) % COUNT;

/**
 * @param address the loopback address on which the server will listen
 * @throws when no port is free
 */
export async function freePort(address = '127.0.0.1'): Promise<number> {
	for (let tried = 0; tried < COUNT; tried += 1) {
		const port = FIRST + next;
		next = (next + 1) % COUNT;
		if (await isFree(port, address)) return port;
	}
	throw new Error(`No TCP port of ${address} from ${FIRST} to ${FIRST + COUNT - 1} is free.`);
}

async function isFree(port: number, address: string): Promise<boolean> {
	const server = createServer();
	try {
		await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
	} catch {
		return false;
	}
	await new Promise((resolve) => server.close(resolve));
	return true;
}
