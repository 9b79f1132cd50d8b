/** The DNS records in the format of a name server or DNS provider, to copy or to download. Loaded when they are shown: some formats need a library. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { ZoneFormat } from '../../../dns/formats/zone-format.ts';
import { ZONE_FORMATS } from '../../../dns/formats/zone-formats.ts';
import type { ZoneLine } from '../../../dns/zone-file.ts';
import { toProtocolRecords } from '../../../dns/zone-lines.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { ScrollBox } from '../components/scroll-box.tsx';
import { LabelledField } from '../form/labelled-field.tsx';

const FORMATS: Readonly<Record<string, ZoneFormat>> = ZONE_FORMATS;

export interface ZoneDownloadProps {
	readonly domain: string;
	readonly lines: readonly ZoneLine[];
}

export function ZoneDownload({ domain, lines }: ZoneDownloadProps) {
	const [chosen, setChosen] = useState<string>('bind');
	const code = useRef<HTMLElement>(null);
	const format = FORMATS[chosen] ?? ZONE_FORMATS.bind;
	const text = useMemo(() => format.renderZone({ domain, origin: domain }, toProtocolRecords(lines)), [domain, lines, format]);
	const download = () => {
		const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
		const link = document.createElement('a');
		link.href = url;
		link.download = `${domain}.${chosen}.txt`;
		link.click();
		// The URL must live until the browser has started the download.
		setTimeout(() => URL.revokeObjectURL(url), 10_000);
	};
	return (
		<section class="card pad stack" aria-labelledby="zone">
			<h2 id="zone">Export for your DNS provider</h2>
			<LabelledField id="zone-format" title="Format" help={format.instructions.split('; with --diff', 1).join('')}>
				{(control) => (
					<select {...control} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
						{Object.entries(FORMATS).map(([name, { title }]) => (
							<option key={name} value={name}>
								{title}
							</option>
						))}
					</select>
				)}
			</LabelledField>
			<ScrollBox code label="DNS records">
				<code class="line" ref={code}>
					{text}
				</code>
			</ScrollBox>
			<div class="buttons">
				<button type="button" onClick={download}>
					Download
				</button>
				<CopyButton target={code} description="all records" />
			</div>
		</section>
	);
}
