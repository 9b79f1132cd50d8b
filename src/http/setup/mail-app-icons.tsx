/** Line drawings for the choices. They say nothing that the words beside them do not. */
import type { MailApp } from './mail-app.ts';

const ICON_PATHS = {
	iphone: 'M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM10.5 18.5h3',
	mac: 'M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9.5h-17V6A1.5 1.5 0 0 1 5 4.5zM1.5 18.5h21M9.5 18.5a2.5 1 0 0 0 5 0',
	finder: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3l5.200 5.200M8 10.5l2 2 3.5-4',
	outlook: 'M3.5 7A1.5 1.5 0 0 1 5 5.5h14A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17zM4 7l8 6 8-6',
	other: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5M15 5v4M9 10v4M13 15v4',
} as const satisfies Record<MailApp, string>;

export function MailAppIcon({ of }: { readonly of: MailApp }) {
	return (
		<svg
			class="icon"
			viewBox="0 0 24 24"
			aria-hidden="true"
			fill="none"
			stroke="currentColor"
			stroke-width="1.5"
			stroke-linecap="round"
			stroke-linejoin="round"
		>
			<path d={ICON_PATHS[of]} />
		</svg>
	);
}
