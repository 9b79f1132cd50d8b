/** Opens the zone that the command line names: on a name server, or at a provider. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { openCloudflareZone } from '../../dns/publish/cloudflare-editor.ts';
import { openPowerDnsZone, powerDnsApiUrl } from '../../dns/publish/powerdns-editor.ts';
import type { ZoneEditor } from '../../dns/publish/zone-editor.ts';
import { CLOUDFLARE_API, createProviderTransport, type ProviderTransport } from '../../lib/http/provider-request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Domain } from '../../model/names.ts';
import type { NameServerAddress } from '../dns/dns-over-tcp.ts';
import { parseNameServerAddress } from '../dns/resolver.ts';
import type { Failure } from '../terminal.ts';
import { readTextFile } from '../text-files.ts';
import { openUpdateZone } from './dns-update-editor.ts';
import { parseTsigKey, type TsigKey } from './tsig.ts';

export const PROVIDERS = ['rfc2136', 'powerdns', 'cloudflare'] as const;

export interface ZoneAccessArguments {
	readonly via?: string | undefined;
	readonly server?: string | undefined;
	readonly tsig?: string | undefined;
}

/** Opens the zone of a domain. */
export type ZoneOpener = (domain: Domain) => Promise<Result<ZoneEditor, Failure>>;

export interface ZoneAccess {
	readonly open: ZoneOpener;
	/** The name server that keeps the zone and is to be asked about it, as HOST:PORT; null where a provider's API tells what is there. */
	readonly nameServer: string | null;
}

/** Reads where the zone is and the secret for it: from the environment, because every process can read a command line. */
export async function readZoneAccess(args: ZoneAccessArguments, timeoutMs: number): Promise<Result<ZoneAccess, Failure>> {
	const { server, tsig } = args;
	const send = createFetchTransport(timeoutMs);
	switch (PROVIDERS.find((each) => each === args.via) ?? 'rfc2136') {
		case 'rfc2136': {
			if (server === undefined)
				return err({ message: 'no --server is given', hint: 'The name server that keeps the zone, as in --server ns1.example.net.' });
			const address = await findNameServer(server);
			if (!address.ok) return address;
			const key = await readTsigKey(tsig);
			if (!key.ok) return key;
			const updates = { address: address.value, key: key.value, timeoutMs };
			const host = isIP(address.value.host) === 6 ? `[${address.value.host}]` : address.value.host;
			return ok({ open: (domain) => openUpdateZone(updates, domain), nameServer: `${host}:${address.value.port}` });
		}
		case 'powerdns': {
			const key = process.env.SIGNPOST_POWERDNS_KEY ?? '';
			if (server === undefined || !URL.canParse(server))
				return err({ message: '--server is not the URL of an API', hint: 'As in --server http://127.0.0.1:8081.' });
			if (key === '') return err({ message: 'SIGNPOST_POWERDNS_KEY is not set', hint: 'It is api-key in pdns.conf.' });
			const access = { url: powerDnsApiUrl(server), key };
			return ok({ open: (domain) => openPowerDnsZone(access, domain, send), nameServer: null });
		}
		case 'cloudflare': {
			const token = process.env.CLOUDFLARE_API_TOKEN ?? '';
			if (token === '')
				return err({ message: 'CLOUDFLARE_API_TOKEN is not set', hint: 'A token with Zone Read and DNS Edit for the zone of the domain.' });
			const access = { url: server ?? CLOUDFLARE_API, token };
			return ok({ open: (domain) => openCloudflareZone(access, domain, send), nameServer: null });
		}
	}
}

async function findNameServer(text: string): Promise<Result<NameServerAddress, Failure>> {
	const direct = parseNameServerAddress(text);
	if (direct !== null) return ok(direct);
	const named = /^([a-z0-9.-]{1,253})(?::(\d{1,5}))?$/i.exec(text);
	const address = named?.[1] === undefined ? null : await lookup(named[1]).catch(() => null);
	if (address === null) return err({ message: `--server ${text} has no address`, hint: 'Give HOST, HOST:PORT or [IPV6]:PORT.' });
	return ok({ host: address.address, port: Number(named?.[2] ?? 53) });
}

/** --tsig FILE, else SIGNPOST_TSIG; null for neither. */
async function readTsigKey(file: string | undefined): Promise<Result<TsigKey | null, Failure>> {
	if (file !== undefined) {
		const text = await readTextFile(file, 'Check the path after --tsig.');
		return text.ok ? parseTsigKey(file, text.value) : text;
	}
	const text = process.env.SIGNPOST_TSIG ?? '';
	return text === '' ? ok(null) : parseTsigKey('SIGNPOST_TSIG', text);
}

/** Bytes of an answer: a page of a thousand records has a tenth of it. */
const MAX_ANSWER_BYTES = 16_000_000;

/** @param timeoutMs milliseconds to wait for an answer */
export function createFetchTransport(timeoutMs: number): ProviderTransport {
	return createProviderTransport(
		({ method, url, headers, body }) => fetch(url, { method, headers, body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }),
		MAX_ANSWER_BYTES,
	);
}
