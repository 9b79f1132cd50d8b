/** Numbered steps, and the collapsed parts that hold the steps of one app. */
import type { Child } from 'hono/jsx';
import { toUnicodeDomain } from '../../../model/unicode-domain.ts';
import type { MessageKey } from '../languages.ts';
import { Message } from '../message.tsx';
import { incomingProtocolName, type SetupView } from '../setup-view.ts';

/** The month in which the steps were last written down. They name what the screens of that time say. */
export const STEPS_DATE = '2026-11';

/** A list of numbered steps. `{domain}` and `{kind}` (IMAP or POP3) are filled in. */
export function Steps({ view, ids }: { readonly view: SetupView; readonly ids: readonly MessageKey[] }) {
	const { translator, config } = view;
	const values = { domain: toUnicodeDomain(config.domain), kind: incomingProtocolName(config) };
	return (
		<ol class="steps">
			{ids.map((id) => (
				<li>
					<Message translator={translator} id={id} values={values} />
				</li>
			))}
		</ol>
	);
}

interface VersionNoteProps {
	readonly view: SetupView;
	/** Names and versions of the programs, as they are written in every language. */
	readonly versions: string;
}

/** For which versions the steps above are, and from when. */
export function VersionNote({ view: { translator }, versions }: VersionNoteProps) {
	return (
		<p class="hint">
			<Message translator={translator} id="versions" values={{ versions, date: STEPS_DATE }} />
		</p>
	);
}

/** The steps of one app among several, collapsed until somebody has it. */
export function AppSteps({ title, children }: { readonly title: string; readonly children: Child }) {
	return (
		<details>
			<summary>{title}</summary>
			<div class="stack">{children}</div>
		</details>
	);
}
