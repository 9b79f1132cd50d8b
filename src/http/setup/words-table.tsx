import type { Security } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import type { View } from './view.ts';
import { WORDS, type Words } from './words.ts';

/** What most clients call them. */
export const SECURITY = { tls: 'SSL/TLS', starttls: 'STARTTLS' } as const satisfies Record<Security, string>;

/** The same security under the name each client gives it. */
export function WordsTable({ view: { texts, config } }: { readonly view: View }) {
	const { text } = texts;
	const offers = config.offers.filter(isSocketOffer).filter(({ kind }) => kind !== 'sieve');
	const columns = (['tls', 'starttls'] as const)
		.map((security) => ({ security, ports: offers.filter((offer) => offer.security === security).map(({ port }) => port) }))
		.filter(({ ports }) => ports.length > 0);
	return (
		<details>
			<summary>{text('words')}</summary>
			<section class="scroll" tabindex={0} aria-label={text('words')}>
				<table class="words">
					<thead>
						<tr>
							<th scope="col">{text('wordsApp')}</th>
							{columns.map(({ ports }) => (
								<th scope="col">
									{text('port')} <bdi dir="ltr">{ports.join(', ')}</bdi>
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{WORDS.map((words) => (
							<tr>
								<th scope="row">
									<bdi dir="ltr">{words.app}</bdi>
								</th>
								{columns.map(({ security }) => (
									<td>{said(words, security, (word) => text('wordsOn', { word: leftToRight(word) }))}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}

function said(words: Words, security: Security, switchOn: (word: string) => string) {
	return words.isSwitch ? switchOn(words[security]) : <bdi dir="ltr">{words[security]}</bdi>;
}

/** Within the text of a message there is no element to isolate a word: UAX #9's own characters do (LRI … PDI). */
function leftToRight(word: string): string {
	return `\u2066${word}\u2069`;
}
