import { Message } from './message.tsx';
import type { SetupView } from './setup-view.ts';

/** The section in which the page's script shows what each mail client would receive. */
export function SelfTestSection({ view: { translator, config } }: { readonly view: SetupView }) {
	const { text } = translator;
	const example = `you@${config.domain}`;
	return (
		<section
			class="test"
			aria-labelledby="test"
			data-example={example}
			data-running={text('testRunning')}
			data-done={text('testDone')}
			data-nothing={text('testNothing')}
			data-offline={text('testOffline')}
			data-signed={text('testSigned')}
			data-whole={text('testWhole')}
			data-load-failed={text('loadFailed')}
		>
			<h2 id="test">{text('test')}</h2>
			<p class="hint">
				<Message translator={translator} id="testText" values={{ example }} />
			</p>
			<noscript>
				<p class="note">{text('testScript')}</p>
			</noscript>
			<button type="button" class="quiet" id="test-run" hidden>
				{text('testButton')}
			</button>
			<p class="said" id="test-said" role="status"></p>
			<div id="test-answers"></div>
		</section>
	);
}
