/** What is sent to the service of a report: a summary within the limits of the API, in which the address that was checked does not stand. */
import { worstFirst } from '../../../contract/checks/check-grades.ts';
import {
	type CheckAreaResult,
	MAX_ADVICE_LENGTH,
	MAX_FOUND_LENGTH,
	MAX_PLACE_LENGTH,
	MAX_SENT_FINDINGS,
	MAX_SENT_UNKNOWNS,
	type SendCheckBody,
} from '../../../contract/checks/check-results.ts';
import { MAX_BODY_BYTES } from '../../../contract/limits.ts';
import { escapeXml } from '../../../lib/xml.ts';
import { INVISIBLE_CHARACTERS } from '../../../model/record-fields.ts';
import type { AreaReport, CheckReport } from '../finding.ts';

/** Three warnings, or two errors, decide the grade of an area: with fewer findings the service would compute another. */
const LEAST_FINDINGS = 3;

export function sendCheckBody(report: CheckReport): SendCheckBody {
	// Texts of three bytes a character, full length and full number, are too much for one body: then fewer findings are named.
	for (let most = Math.max(MAX_SENT_FINDINGS, MAX_SENT_UNKNOWNS); ; most--) {
		const body = { recordDigest: report.recordDigest, areas: report.areas.map((area) => areaResult(area, localPart(report), most)) };
		if (most <= LEAST_FINDINGS || Buffer.byteLength(JSON.stringify(body)) < MAX_BODY_BYTES) return body;
	}
}

/** @param most how many findings are named, and how many unknowns; the others are counted */
function areaResult({ area, looked, findings, unclear, unlooked }: AreaReport, local: string, most: number): CheckAreaResult {
	// Only what the service answers over HTTP can have the local part without the domain, as a login.
	const clean = (text: string, maximum: number) => cutText(lineOf(area === 'http' ? withoutLogin(text, local) : text, local), maximum);
	const sorted = worstFirst(findings);
	const unknowns = [
		...unclear.map((remark) => ({ kind: 'unclear' as const, ...remark })),
		...unlooked.map((remark) => ({ kind: 'unlooked' as const, ...remark })),
	];
	const namedFindings = sorted.slice(0, Math.min(most, MAX_SENT_FINDINGS));
	const namedUnknowns = unknowns.slice(0, Math.min(most, MAX_SENT_UNKNOWNS));
	return {
		area,
		looked,
		findings: namedFindings.map(({ severity, code, place, wanted, found, advice }) => ({
			severity,
			code,
			place: cutText(lineOf(place, local), MAX_PLACE_LENGTH),
			wanted: clean(wanted, MAX_FOUND_LENGTH),
			found: clean(found, MAX_FOUND_LENGTH),
			advice: cutText(lineOf(advice, local), MAX_ADVICE_LENGTH),
		})),
		furtherFindings: sorted.length - namedFindings.length,
		unknowns: namedUnknowns.map(({ kind, place, reason }) => ({
			kind,
			place: cutText(lineOf(place, local), MAX_PLACE_LENGTH),
			reason: clean(reason, MAX_FOUND_LENGTH),
		})),
		furtherUnknowns: unknowns.length - namedUnknowns.length,
	};
}

function localPart({ address }: CheckReport): string {
	return address.slice(0, Math.max(0, address.lastIndexOf('@')));
}

/** One line without the address, and without what cannot be seen. Half a surrogate pair would not survive UTF-8. */
function lineOf(text: string, local: string): string {
	const plain = withoutAddress(text, local).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
	return [...plain].map((character) => (INVISIBLE_CHARACTERS.test(character) || /\p{Cs}/u.test(character) ? '·' : character)).join('');
}

/** How a local part may be written in a text: as it is, in a URL, in XML; as given, and in lower case. */
function writtenForms(local: string): readonly string[] {
	if (local === '') return [];
	return [...new Set([local, encodeURIComponent(local.toWellFormed()), escapeXml(local)].flatMap((form) => [form, form.toLowerCase()]))];
}

/** Puts `…` in the place of the local part wherever the domain may follow, also where the domain was cut off. */
function withoutAddress(text: string, local: string): string {
	return writtenForms(local).reduce((rest, form) => rest.replaceAll(`${form}@`, '…@').replaceAll(`${form}%40`, '…%40'), text);
}

/** Puts `…` in the place of the local part where it stands alone, as in `<username>alice</username>`, also where its end was cut off. */
function withoutLogin(text: string, local: string): string {
	const forms = writtenForms(local);
	// A local part with a sign that separates words is no word, and seldom means anything else.
	const rest = forms.filter((form) => WORD_SEPARATOR.test(form)).reduce((left, form) => left.replaceAll(form, '…'), text);
	return rest.replace(/[^\s"'<>=&?;,:/()[\]{}]+/gu, (word) => {
		const start = word.endsWith('…') && word !== '…' ? word.slice(0, -1) : null;
		const isLogin = forms.some(
			(form) => form === word || form === word.toLowerCase() || (start !== null && `${form}%40`.startsWith(start)),
		);
		return isLogin ? '…' : word;
	});
}

const WORD_SEPARATOR = /[\s"'<>=&?;,:/()[\]{}]/u;

/** Cuts a text to so many UTF-16 units, the last of them an ellipsis, and never through a surrogate pair. */
function cutText(text: string, maximum: number): string {
	if (text.length <= maximum) return text;
	return `${text.slice(0, maximum - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
