/** The reference page of the admin API: whatever the texts of the contract hold, they are text in the page and never markup. */
import { expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/contract/operations.ts';
import { readExampleAnswers } from '../../../src/tools/api/api-example-answers.ts';
import { renderApiReference } from '../../../src/tools/api/api-reference.ts';

/** The text of a piece of HTML: its tags gone, the five characters that a text is escaped for back again. */
function textOf(markup: string): string {
	const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
	return markup.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? '');
}

it('has the description of every operation, letter for letter', () => {
	const text = textOf(renderApiReference(readExampleAnswers()));
	for (const { description } of OPERATIONS) expect(text).toContain(description.replaceAll('`', ''));
});
