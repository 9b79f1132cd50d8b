/** Plain columns, for people and for providers that have a web form only. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { renderData, TTL } from '../zone.ts';
import { allRecords, type Format } from './format.ts';

function row(record: DnsRecord): readonly string[] {
	return [record.name, record.type, String(TTL), renderData(record)];
}

function aligned(rows: readonly (readonly string[])[]): string {
	const width = (at: number) => Math.max(0, ...rows.map((cells) => cells[at]?.length ?? 0));
	return rows.map((cells) => `${cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(width(at)))).join('  ')}\n`).join('');
}

export const table: Format = {
	title: 'a table to read or to type in',
	use: 'copy into the web form of your DNS provider',
	zone: (_, expected) => aligned([['NAME', 'TYPE', 'TTL', 'VALUE'], ...allRecords(expected).map(row)]),
	change(_, changes) {
		const rows = changes.flatMap(({ remove, add }) => [
			...remove.map(({ name, type, ttl, data }) => ['-', name, type, String(ttl), data]),
			...add.map((record) => ['+', ...row(record)]),
		]);
		return { text: rows.length === 0 ? '' : aligned([[' ', 'NAME', 'TYPE', 'TTL', 'VALUE'], ...rows]), notes: [] };
	},
};
