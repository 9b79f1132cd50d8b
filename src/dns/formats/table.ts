/** The format for people, and for providers that only have a web form: plain columns. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { RECORD_TTL, renderRdata } from '../zone-file.ts';
import { allRecords, type ZoneFormat } from './zone-format.ts';

function tableRow(record: DnsRecord): readonly string[] {
	return [record.name, record.type, String(RECORD_TTL), renderRdata(record)];
}

function renderColumns(rows: readonly (readonly string[])[]): string {
	const width = (at: number) => Math.max(0, ...rows.map((cells) => cells[at]?.length ?? 0));
	return rows.map((cells) => `${cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(width(at)))).join('  ')}\n`).join('');
}

export const table: ZoneFormat = {
	commentPrefix: null,
	isOneDocument: false,
	title: 'a table to read or to type in',
	instructions: 'copy into the web form of your DNS provider',
	renderZone: (_, expected) => renderColumns([['NAME', 'TYPE', 'TTL', 'VALUE'], ...allRecords(expected).map(tableRow)]),
	renderChange(_, changes) {
		const rows = changes.flatMap(({ remove, removeIfPresent, add }) => [
			...remove.map(({ name, type, ttl, data }) => ['-', name, type, String(ttl), data]),
			...removeIfPresent.map(({ name, type, ttl, data }) => ['-?', name, type, String(ttl), data]),
			...add.map((record) => ['+', ...tableRow(record)]),
		]);
		const notes = changes.some(({ removeIfPresent }) => removeIfPresent.length > 0)
			? ['-? : remove it if it is there itself and no wildcard gives it']
			: [];
		return { text: rows.length === 0 ? '' : renderColumns([[' ', 'NAME', 'TYPE', 'TTL', 'VALUE'], ...rows]), notes };
	},
};
