/** The choices, by device and app, and what to do for each. Radio buttons and a style sheet: no script is needed. */
import type { Child } from 'hono/jsx';
import { FORM } from './address-form.tsx';
import { IphonePanel, MacPanel } from './apple.tsx';
import { WAYS, type Way } from './device.ts';
import { Icon } from './icons.tsx';
import { Ltr, Rich, readable } from './texts.tsx';
import { incomingName, type View } from './view.ts';
import { FINDERS } from './words.ts';

/** The choices that name a device, not a program. */
const DEVICES: readonly Way[] = ['iphone', 'mac'];

export function Ways({ view }: { readonly view: View }) {
	const { texts, way: open, guess } = view;
	const { text } = texts;
	return (
		<section class="ways">
			<fieldset>
				<legend>
					<h2>{text('ways')}</h2>
				</legend>
				<div class="choices">
					{WAYS.map((way) => (
						<label class="choice" for={`way-${way}`}>
							<input type="radio" id={`way-${way}`} name="way" value={way} form={FORM} checked={way === open} />
							<Icon of={way} />
							<span class="name">{text(way)}</span>
							<span class="hint">{text(`${way}Note`)}</span>
							{way === guess && DEVICES.includes(way) ? <span class="badge">{text('thisDevice')}</span> : null}
						</label>
					))}
				</div>
			</fieldset>
			{WAYS.map((way) => (
				<section class="card panel" id={`panel-${way}`} aria-labelledby={`panel-${way}-name`}>
					<h3 id={`panel-${way}-name`}>{text(way)}</h3>
					{panel(way, view)}
				</section>
			))}
		</section>
	);
}

function panel(way: Way, view: View): Child {
	switch (way) {
		case 'iphone':
			return <IphonePanel view={view} />;
		case 'mac':
			return <MacPanel view={view} />;
		case 'finder':
			return <FinderPanel view={view} />;
		case 'outlook':
			return <OutlookPanel view={view} />;
		case 'other':
			// One element: the panel is a grid, in which each piece of a bare sentence would be a line of its own.
			return (
				<p>
					<Rich texts={view.texts} of="otherLead" values={{ kind: incomingName(view.config) }} />
				</p>
			);
	}
}

function FinderPanel({ view: { texts, config } }: { readonly view: View }) {
	return (
		<>
			<p class="lead">{texts.text('finderLead')}</p>
			<ol class="steps">
				{(['finderStep1', 'finderStep2', 'finderStep3'] as const).map((step) => (
					<li>
						<Rich texts={texts} of={step} values={{ domain: readable(config.domain) }} />
					</li>
				))}
			</ol>
			<h4>{texts.text('finderApps')}</h4>
			<ul class="apps">
				{FINDERS.map((app) => (
					<li>
						<Ltr>{app}</Ltr>
					</li>
				))}
			</ul>
		</>
	);
}

function OutlookPanel({ view: { texts, config } }: { readonly view: View }) {
	const values = { domain: readable(config.domain), kind: incomingName(config) };
	return (
		<>
			<p>{texts.text('outlookLead')}</p>
			<dl class="editions">
				{(['outlookClassic', 'outlookNew', 'outlookMobile'] as const).map((edition) => (
					<div>
						<dt>{texts.text(edition)}</dt>
						<dd>
							<Rich texts={texts} of={`${edition}Text`} values={values} />
						</dd>
					</div>
				))}
			</dl>
			<p class="note">
				<Rich texts={texts} of="outlookManual" values={values} />
			</p>
		</>
	);
}
