/** What mail clients call implicit TLS and STARTTLS in the dialogs where people enter settings. */
import { isSocketOffer } from '../../model/config.ts';
import type { Security } from '../../model/service-ports.ts';
import type { SetupView } from './setup-view.ts';

/** What most clients call them. The clients that differ are in TLS_LABELS. */
export const SECURITY_NAMES = { tls: 'SSL/TLS', starttls: 'STARTTLS' } as const satisfies Record<Security, string>;

/** The words of one client's dialog. With `isSwitch` one switch turns on both, and the port decides which of them it is. */
interface TlsLabels {
	readonly app: string;
	readonly tls: string;
	readonly starttls: string;
	readonly isSwitch?: true;
}

/** Only clients whose words are known. */
const TLS_LABELS: readonly TlsLabels[] = [
	// comm-central, accountManager: "Connection security".
	{ app: 'Thunderbird, K-9 Mail', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// Encryption method in the IMAP settings of classic Outlook.
	{ app: 'Outlook', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// Mail User Guide, "Change Outgoing server settings": one switch, the port tells which of the two it is.
	{ app: 'Mail (Mac)', tls: 'Use TLS/SSL', starttls: 'Use TLS/SSL', isSwitch: true },
	{ app: 'Mail (iPhone, iPad)', tls: 'Use SSL', starttls: 'Use SSL', isSwitch: true },
	// "Security type" of the Gmail app, for accounts of other providers.
	{ app: 'Gmail (Android)', tls: 'SSL/TLS', starttls: 'STARTTLS' },
	// "Security type" of Samsung Email, each also with "(Accept all certificates)", which nobody should choose.
	{ app: 'Samsung Email', tls: 'SSL', starttls: 'TLS' },
	// GNOME/evolution, "Encryption method".
	{ app: 'Evolution', tls: 'TLS on a dedicated port', starttls: 'STARTTLS after connecting' },
];

/** The same security under the name that each client gives it. */
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
						{TLS_LABELS.map((labels) => (
							<tr>
								<th scope="row">
									<bdi dir="ltr">{labels.app}</bdi>
								</th>
								{columns.map(({ security }) => (
									<td>{renderTlsLabel(labels, security, (word) => text('wordsOn', { word: isolateLeftToRight(word) }))}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</details>
	);
}

function renderTlsLabel(labels: TlsLabels, security: Security, switchOn: (word: string) => string) {
	return labels.isSwitch ? switchOn(labels[security]) : <bdi dir="ltr">{labels[security]}</bdi>;
}

/** A text has no element that could isolate a word, so the characters of the Unicode bidirectional algorithm do (UAX #9: LRI … PDI). */
function isolateLeftToRight(word: string): string {
	return `\u2066${word}\u2069`;
}
