/** What the mail servers have to offer according to a record. */
import { err, ok, type Result } from '../../lib/result.ts';
import { isSocketOffer, resolveConfig, type SocketOffer } from '../../model/config.ts';
import type { Domain } from '../../model/names.ts';
import { socketPorts } from '../../model/service-ports.ts';
import { parseDomainArgument } from '../options.ts';
import type { Failure } from '../terminal.ts';
import { createRecordSource, type RecordSource } from '../workspace/record-source.ts';

/** The folder in which certbot puts certificates, the default in printed configurations. */
export const CERTIFICATE_FOLDER = '/etc/letsencrypt/live';

export interface ServerOffers {
	readonly domain: Domain;
	readonly offers: readonly SocketOffer[];
	/** The first day (YYYY-MM-DD) on which submission with STARTTLS is not offered any more; null where it has no end. */
	readonly starttlsEndsOn: string | null;
}

/** The arguments of a command that compares a mail server with a record. */
type RecordArguments = Parameters<typeof createRecordSource>[0] & { readonly domain: string };

/** What the record that a command line names has to offer now. */
export async function findOffersOfArguments(args: RecordArguments): Promise<Result<ServerOffers, Failure>> {
	const domain = parseDomainArgument(args.domain);
	if (!domain.ok) return domain;
	const records = await createRecordSource(args);
	return records.ok ? findServerOffers(records.value, domain.value, Date.now()) : records;
}

/** @param now Unix time in milliseconds: a fallback that has ended is not among the offers */
export async function findServerOffers(records: RecordSource, domain: Domain, now: number): Promise<Result<ServerOffers, Failure>> {
	const found = await records.find(domain);
	if (!found.ok) return found;
	const config = resolveConfig(found.value.record, domain, { kind: 'domain', domain }, now);
	if (!config.ok) return err({ message: `${config.error.path} ${config.error.reason}` });
	const { submission } = found.value.record.services;
	const starttlsEndsOn = submission === undefined ? null : socketPorts('submission', submission).until;
	return ok({ domain, offers: config.value.offers.filter(isSocketOffer), starttlsEndsOn });
}
