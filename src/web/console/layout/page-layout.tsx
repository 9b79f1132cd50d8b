/** What every page has: a title, in the tab too, to which the focus goes when one page follows another. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiError } from '../api-client.ts';
import { describeApiError } from '../api-client.ts';

/** The page that was shown last. The first is where the browser put the reader: only later ones take the focus. */
let lastPathname = location.pathname;
/** Whether the focus was given to a title, which may have given way to another of the same page since. */
let focusedTitle = false;

interface PageLayoutProps {
	readonly title: string;
	/** Beside the title: badges and buttons. */
	readonly aside?: ComponentChildren;
	readonly children: ComponentChildren;
}

export function PageLayout({ title, aside, children }: PageLayoutProps) {
	const heading = useRef<HTMLHeadingElement>(null);
	useLayoutEffect(() => {
		document.title = title === 'Signpost' ? title : `${title} · Signpost`;
		const lost = focusedTitle && document.activeElement === document.body;
		if (location.pathname === lastPathname && !lost) return;
		lastPathname = location.pathname;
		focusedTitle = true;
		heading.current?.focus({ preventScroll: true });
	}, [title]);
	return (
		<>
			<div class="title">
				<h1 ref={heading} tabIndex={-1}>
					{title}
				</h1>
				{aside}
			</div>
			{children}
		</>
	);
}

/** A refusal, said where it happened. */
export function ErrorNotice({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
	return (
		<div class="warn stack" role="alert">
			<p>{describeApiError(error)}</p>
			{retry === undefined ? null : (
				<button type="button" class="quiet small" onClick={retry}>
					Try again
				</button>
			)}
		</div>
	);
}

export function LoadingNotice() {
	return (
		<p class="waiting" role="status">
			Loading…
		</p>
	);
}

const LOCAL_TIME_FORMAT = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	timeZoneName: 'short',
});

/** A time for people, in their zone, which it names; exact for machines and on hovering. */
export function LocalTime({ at }: { readonly at: string }) {
	return (
		<time dateTime={at} title={at}>
			{LOCAL_TIME_FORMAT.format(new Date(at))}
		</time>
	);
}
