/** The choice of a device, and the panel of each. Radio buttons and a style sheet switch the panels, so no script is needed. */
import type { Child } from 'hono/jsx';
import { ADDRESS_FORM_ID } from './address-form.tsx';
import { MAIL_APPS, type MailApp } from './mail-app.ts';
import { MailAppIcon } from './mail-app-icons.tsx';
import { AndroidPanel } from './panels/android-panel.tsx';
import { IphonePanel, MacPanel } from './panels/apple-panels.tsx';
import { LinuxPanel, OtherPanel, WindowsPanel } from './panels/computer-panels.tsx';
import type { SetupView } from './setup-view.ts';

export function MailAppChoice({ view }: { readonly view: SetupView }) {
	const { translator, selectedApp, detectedApp } = view;
	const { text } = translator;
	return (
		<section class="ways">
			<fieldset>
				<legend>
					<h2>{text('ways')}</h2>
				</legend>
				<div class="choices">
					{MAIL_APPS.map((app) => (
						<label class="choice" for={`way-${app}`}>
							<input type="radio" id={`way-${app}`} name="way" value={app} form={ADDRESS_FORM_ID} checked={app === selectedApp} />
							<MailAppIcon of={app} />
							<span class="name">{text(app)}</span>
							{app === detectedApp && app !== 'other' ? <span class="badge">{text('thisDevice')}</span> : null}
						</label>
					))}
				</div>
			</fieldset>
			{MAIL_APPS.map((app) => (
				<section class="card panel" id={`panel-${app}`} aria-labelledby={`panel-${app}-name`}>
					<h3 id={`panel-${app}-name`}>{text(app)}</h3>
					{renderPanel(app, view)}
				</section>
			))}
		</section>
	);
}

function renderPanel(app: MailApp, view: SetupView): Child {
	switch (app) {
		case 'iphone':
			return <IphonePanel view={view} />;
		case 'mac':
			return <MacPanel view={view} />;
		case 'android':
			return <AndroidPanel view={view} />;
		case 'windows':
			return <WindowsPanel view={view} />;
		case 'linux':
			return <LinuxPanel view={view} />;
		case 'other':
			return <OtherPanel view={view} />;
	}
}
