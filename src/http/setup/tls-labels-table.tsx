import type { Security } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import type { SetupView } from './setup-view.ts';
import { TLS_LABELS, type TlsLabels } from './tls-labels.ts';

/** What most clients call them. */
export const SECURITY_NAMES = { tls: 'SSL/TLS', starttls: 'STARTTLS' } as const satisfies Record<Security, string>;

/** The same security under the name each client gives it. */
export function TlsLabelsTable({ view: { translator, config } }: { readonly view: SetupView }) {
	const { text } = translator;
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
						{TLS_LABELS.map((words) => (
							<tr>
								<th scope="row">
									<bdi dir="ltr">{words.app}</bdi>
								</th>
								{columns.map(({ security }) => (
									<td>{renderTlsLabel(words, security, (word) => text('wordsOn', { word: isolateLeftToRight(word) }))}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}

function renderTlsLabel(words: TlsLabels, security: Security, switchOn: (word: string) => string) {
	return words.isSwitch ? switchOn(words[security]) : <bdi dir="ltr">{words[security]}</bdi>;
}

/** Within the text of a message there is no element to isolate a word: UAX #9's own characters do (LRI … PDI). */
function isolateLeftToRight(word: string): string {
	return `\u2066${word}\u2069`;
}
