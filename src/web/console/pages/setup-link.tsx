/** The address of a domain's set-up page, as a link, to copy, and as a QR code. */
import { useRef } from 'preact/hooks';
import { renderQrPath } from '../../../lib/qr-code.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { SERVICE_HOST } from '../service-host.ts';

/** Nothing for a wildcard, which stands for many domains. */
export function SetupLink({ name }: { readonly name: RecordName }) {
	const address = useRef<HTMLAnchorElement>(null);
	if (name.startsWith('*')) return null;
	// Without SERVICE_HOST only the customer's own name is known, which works once its DNS records are published.
	const url = SERVICE_HOST === null ? `https://autoconfig.${name}/` : `https://${SERVICE_HOST}/setup/${name}`;
	const { size, path } = renderQrPath(url);
	return (
		<details class="setup-link">
			<summary>Set-up page for users</summary>
			<div class="stack">
				<p>
					<a ref={address} href={url} target="_blank" rel="noreferrer">
						{url}
					</a>{' '}
					<CopyButton target={address} description="the address of the set-up page" />
				</p>
				<svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code for ${url}`} shape-rendering="crispEdges">
					<rect width={size} height={size} fill="#fff" />
					<path d={path} fill="#000" />
				</svg>
			</div>
		</details>
	);
}
