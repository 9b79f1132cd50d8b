/** Reads a file that a person has chosen. What of it could not be read is told, never left out. */
import { decodeXmlFile } from '../../../lib/decode-xml.ts';
import { err, ok, type Result } from '../../../lib/result.ts';

export interface ChosenFile {
	readonly text: string;
	/** A sentence about bytes that could not be read; null where all were. */
	readonly fault: string | null;
}

/**
 * Reads a text in the encoding that it says it has, as XML does; anything else is UTF-8.
 * @returns the error is a sentence: the file was removed or changed since it was chosen, or may not be read
 */
export async function readChosenFile(file: File): Promise<Result<ChosenFile, string>> {
	const bytes = await file.arrayBuffer().catch(() => null);
	if (bytes === null) return err(`${file.name} cannot be read. It may have been changed since you chose it; choose it again.`);
	return ok(decodeXmlFile(new Uint8Array(bytes)));
}

/** Reads several files. @returns their texts, and the sentences about what of them could not be read */
export async function readChosenFiles(
	files: readonly File[],
): Promise<Result<{ readonly texts: readonly string[]; readonly faults: readonly string[] }, string>> {
	const texts: string[] = [];
	const faults: string[] = [];
	for (const file of files) {
		const read = await readChosenFile(file);
		if (!read.ok) return read;
		texts.push(read.value.text);
		if (read.value.fault !== null) faults.push(`${file.name}: ${read.value.fault}`);
	}
	return ok({ texts, faults });
}
