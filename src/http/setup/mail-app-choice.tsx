/** The choices, by device and app, and what to do for each. Radio buttons and a style sheet: no script is needed. */
import type { Child } from 'hono/jsx';
import { ADDRESS_FORM_ID } from './address-form.tsx';
import { IphonePanel, MacPanel } from './apple-panels.tsx';
import { MAIL_APPS, type MailApp } from './mail-app.ts';
import { MailAppIcon } from './mail-app-icons.tsx';
import { LeftToRight, Message, toUnicodeDomain } from './message.tsx';
import { incomingProtocolName, type SetupView } from './setup-view.ts';
import { AUTODISCOVERING_APPS } from './tls-labels.ts';

/** The choices that name a device, not a program. */
const APPS_NAMED_BY_DEVICE: readonly MailApp[] = ['iphone', 'mac'];

export function MailAppChoice({ view }: { readonly view: SetupView }) {
	const { translator, selectedApp: open, detectedApp } = view;
	const { text } = translator;
	return (
		<section class="ways">
			<fieldset>
				<legend>
					<h2>{text('ways')}</h2>
				</legend>
				<div class="choices">
					{MAIL_APPS.map((way) => (
						<label class="choice" for={`way-${way}`}>
							<input type="radio" id={`way-${way}`} name="way" value={way} form={ADDRESS_FORM_ID} checked={way === open} />
							<MailAppIcon of={way} />
							<span class="name">{text(way)}</span>
							<span class="hint">{text(`${way}Note`)}</span>
							{way === detectedApp && APPS_NAMED_BY_DEVICE.includes(way) ? <span class="badge">{text('thisDevice')}</span> : null}
						</label>
					))}
				</div>
			</fieldset>
			{MAIL_APPS.map((way) => (
				<section class="card panel" id={`panel-${way}`} aria-labelledby={`panel-${way}-name`}>
					<h3 id={`panel-${way}-name`}>{text(way)}</h3>
					{renderPanel(way, view)}
				</section>
			))}
		</section>
	);
}

function renderPanel(way: MailApp, view: SetupView): Child {
	switch (way) {
		case 'iphone':
			return <IphonePanel view={view} />;
		case 'mac':
			return <MacPanel view={view} />;
		case 'finder':
			return <AutodiscoveryPanel view={view} />;
		case 'outlook':
			return <OutlookPanel view={view} />;
		case 'other':
			// One element: the panel is a grid, in which each piece of a bare sentence would be a line of its own.
			return (
				<p>
					<Message translator={view.translator} id="otherLead" values={{ kind: incomingProtocolName(view.config) }} />
				</p>
			);
	}
}

function AutodiscoveryPanel({ view: { translator, config } }: { readonly view: SetupView }) {
	return (
		<>
			<p class="lead">{translator.text('finderLead')}</p>
			<ol class="steps">
				{(['finderStep1', 'finderStep2', 'finderStep3'] as const).map((step) => (
					<li>
						<Message translator={translator} id={step} values={{ domain: toUnicodeDomain(config.domain) }} />
					</li>
				))}
			</ol>
			<h4>{translator.text('finderApps')}</h4>
			<ul class="apps">
				{AUTODISCOVERING_APPS.map((app) => (
					<li>
						<LeftToRight>{app}</LeftToRight>
					</li>
				))}
			</ul>
		</>
	);
}

function OutlookPanel({ view: { translator, config } }: { readonly view: SetupView }) {
	const values = { domain: toUnicodeDomain(config.domain), kind: incomingProtocolName(config) };
	return (
		<>
			<p>{translator.text('outlookLead')}</p>
			<dl class="editions">
				{(['outlookClassic', 'outlookNew', 'outlookMobile'] as const).map((edition) => (
					<div>
						<dt>{translator.text(edition)}</dt>
						<dd>
							<Message translator={translator} id={`${edition}Text`} values={values} />
						</dd>
					</div>
				))}
			</dl>
			<p class="note">
				<Message translator={translator} id="outlookManual" values={values} />
			</p>
		</>
	);
}
