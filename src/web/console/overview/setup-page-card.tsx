/** The address of a domain's set-up page for its users: as a link, to copy, and as a QR code. */
import { useRef } from 'preact/hooks';
import { renderQrPath } from '../../../lib/presentation/qr-code.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { DottedName } from '../components/dotted-name.tsx';
import { SERVICE_HOST } from '../service-host.ts';

export function SetupPageCard({ name }: { readonly name: RecordName }) {
	const address = useRef<HTMLAnchorElement>(null);
	// Without SERVICE_HOST only the customer's own name is known, which works once its DNS records are published.
	const url = SERVICE_HOST === null ? `https://autoconfig.${name}/` : `https://${SERVICE_HOST}/setup/${name}`;
	const { size, path } = renderQrPath(url);
	return (
		<section class="card pad stack setup-card" aria-labelledby="setup-page">
			<h2 id="setup-page">Set-up page for users</h2>
			<div class="setup-card-body">
				<div class="stack">
					<p class="hint">Send this address to people with a new mailbox, or print its code. It has the steps for every device.</p>
					<p>
						<a ref={address} href={url} target="_blank" rel="noreferrer">
							<DottedName text={url} />
						</a>
					</p>
					<div class="buttons">
						<CopyButton target={address} description="the address of the set-up page" />
					</div>
				</div>
				<svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code for ${url}`} shape-rendering="crispEdges">
					<rect width={size} height={size} fill="#fff" />
					<path d={path} fill="#000" />
				</svg>
			</div>
		</section>
	);
}
