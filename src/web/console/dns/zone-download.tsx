/** The DNS records in the format of a name server or DNS provider, to copy or to download. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ZoneFormat } from '../../../dns/formats/zone-format.ts';
import type { ZoneLine } from '../../../dns/zone-file.ts';
import { toProtocolRecords } from '../../../dns/zone-lines.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { ScrollBox } from '../components/scroll-box.tsx';
import { LabelledField } from '../form/labelled-field.tsx';

type DnsFormats = Readonly<Record<string, ZoneFormat>>;

export function ZoneDownload({ domain, lines }: { readonly domain: string; readonly lines: readonly ZoneLine[] }) {
	const [formats, setFormats] = useState<DnsFormats>({});
	const [chosen, setChosen] = useState('bind');
	const [text, setText] = useState('');
	const code = useRef<HTMLElement>(null);
	useEffect(() => {
		// Some formats need a library, so they are loaded when this part is shown.
		void import('../../../dns/formats/zone-formats.ts').then(({ ZONE_FORMATS }) => setFormats(ZONE_FORMATS));
	}, []);
	const format = formats[chosen];
	useEffect(() => {
		if (format === undefined) return;
		setText(format.renderZone({ domain, origin: domain }, toProtocolRecords(lines)));
	}, [domain, lines, format]);
	if (format === undefined) return null;
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
						{Object.entries(formats).map(([name, { title }]) => (
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
