/** Line drawings for the choices. The words beside them say the same. */
import type { MailApp } from './mail-app.ts';

const ICON_PATHS = {
	iphone: 'M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM10.5 18.5h3',
	mac: 'M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9.5h-17V6A1.5 1.5 0 0 1 5 4.5zM1.5 18.5h21M9.5 18.5a2.5 1 0 0 0 5 0',
	android: 'M4.5 16.5a7.5 7.5 0 0 1 15 0zM7.5 10l-1.7-2.8M16.5 10l1.7-2.8M9.2 13.5h.01M14.8 13.5h.01',
	windows: 'M4 6l7-1v6.5H4zM13 4.7L20 3.7v7.8h-7zM4 13.5h7V20l-7-1zM13 13.5h7v7.8l-7-1z',
	linux: 'M3.5 5.5h17v13h-17zM7 9.5l3 2.5-3 2.5M12 15h5',
	other: 'M3.5 7A1.5 1.5 0 0 1 5 5.5h14A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17zM4 7l8 6 8-6',
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
