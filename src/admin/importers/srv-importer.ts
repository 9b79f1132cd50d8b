/** Reads a domain's SRV records for an import. */
import type { LiveRecord } from '../../dns/live-zone.ts';
import { parseTxtRdata } from '../../dns/zone-file.ts';
import type { Domain } from '../../model/names.ts';
import { findServiceByPort } from '../../model/service-ports.ts';
import { parseSrvRdata, readSrvRecords, type SrvRecord } from '../../protocols/readers/srv-reader.ts';
import { type ImportSource, readServedSrv } from './imported-record.ts';
import { SILENT_ABOUT_NOTHING } from './lost-settings.ts';

/** @param found what name servers have for the labels of `SRV_LABELS` and `TXT_PATH_LABELS`, by the name that was looked up */
export function parseSrvAnswers(found: ReadonlyMap<string, readonly LiveRecord[]>, domain: Domain): ImportSource {
	const notes: string[] = [];
	const records = [...found].flatMap(([name, answers]) =>
		answers.flatMap(({ type, data }): readonly SrvRecord[] => {
			// A CNAME on the way is not the service's name: what it leads to counts as this name's own.
			if (type === 'TXT') return [{ type, name, text: parseTxtRdata(data) }];
			if (type !== 'SRV') return [];
			const record = parseSrvRdata(name, data);
			if (record === null) notes.push(`${name}: "${data.slice(0, 100)}" is no SRV record.`);
			return record === null ? [] : [record];
		}),
	);
	notes.push(...srvNotes(records, domain));
	return {
		advertised: readSrvRecords(records, domain),
		silent: { ...SILENT_ABOUT_NOTHING, names: true, logins: true, auth: true },
		readServed: readServedSrv,
		notes,
	};
}

/** What SRV says and a record cannot, or what was taken otherwise than it stands there. */
function srvNotes(records: readonly SrvRecord[], domain: Domain): readonly string[] {
	const targets = records.flatMap((record) => (record.type === 'SRV' && record.target !== '.' ? [record] : []));
	const labels = [...new Set(targets.map(({ name }) => name))];
	return [
		...records.flatMap((record) =>
			record.type === 'TXT' && labels.includes(record.name) && /^path=(?!\/)/i.test(record.text.trim())
				? [
						`${record.name}: the TXT record's path "${record.text.trim().slice(5, 100)}" does not begin with /, and is ignored as clients ignore it.`,
					]
				: [],
		),
		...targets.flatMap(({ name, port }) => {
			const label = name.slice(0, name.length - domain.length - 1);
			const starttlsLabel = /^_(imap|pop3|submission)\._tcp$/.test(label);
			return starttlsLabel && findServiceByPort(port)?.security === 'tls'
				? [`${label} names port ${port}, which is registered for implicit TLS: it is taken for that, and not for STARTTLS.`]
				: [];
		}),
		...labels.flatMap((name) => {
			const same = targets.filter((target) => target.name === name);
			const shared = same.some((one) => same.some((other) => other !== one && other.priority === one.priority));
			return shared
				? [`${name} has several targets of one priority, shared by weight: a record has them in order, the heaviest first.`]
				: [];
		}),
		...(records.some(({ type }) => type === 'SRV') ? ['SRV has no names, no logins and no ways to log in: the defaults stand here.'] : []),
	];
}
