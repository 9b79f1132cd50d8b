/** Writes the end of the fallback into a record's file, and nothing else. */
import { parseDocument } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord } from '../../model/record.ts';
import { SOCKET_SERVICES } from '../../model/service.ts';

/**
 * The text of a record's file with an end for submission's STARTTLS. YAML keeps its comments; JSON its form.
 * @param until YYYY-MM-DD, the first day without
 */
export function endFallback(text: string, until: string): Result<string, string> {
	const document = parseDocument(text);
	if (document.errors.length > 0) return err('is neither JSON nor YAML');
	const written: unknown = document.toJS();
	const before = parseRecord(written);
	if (!before.ok) return err(`is no good record: ${before.error[0]?.path ?? ''} ${before.error[0]?.reason ?? ''}`);
	if (before.value.kind === 'alias') return err('is an alias: end the fallback in the record it names');
	const { submission } = before.value.services;
	if (submission === undefined || submission.starttls === null) return err('offers no STARTTLS for submission');
	if (submission.implicit === null) return err('has no implicit TLS for submission: its users would have nothing left');
	const port =
		typeof submission.starttls === 'object' ? submission.starttls.port : (submission.starttls ?? SOCKET_SERVICES.submission.starttls);
	document.setIn(['services', 'submission', 'starttls'], document.createNode({ port, until }));
	const changed = text.trimStart().startsWith('{') ? `${JSON.stringify(document.toJS(), null, indentOf(text))}\n` : document.toString();
	const after = parseRecord(parseDocument(changed).toJS());
	return after.ok ? ok(changed) : err(`${after.error[0]?.path ?? ''} ${after.error[0]?.reason ?? ''}`);
}

/** The indent of a JSON text: that of its second line. */
function indentOf(text: string): string {
	return /\n([ \t]+)/.exec(text)?.[1] ?? '\t';
}
