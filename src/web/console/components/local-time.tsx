const LOCAL_TIME_FORMAT = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	timeZoneName: 'short',
});

/** A time in the reader's own time zone, which it names. The exact time is in the markup, and shown on hovering. */
export function LocalTime({ at }: { readonly at: string }) {
	return (
		<time dateTime={at} title={at}>
			{LOCAL_TIME_FORMAT.format(new Date(at))}
		</time>
	);
}
