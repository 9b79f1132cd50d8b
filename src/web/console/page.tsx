/** What every page has: a title, in the tab too, to which the focus goes when one page follows another. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Refusal } from './api.ts';
import { sentence } from './api.ts';

/** The page that was shown last. The first is where the browser put the reader: only later ones take the focus. */
let shown = location.pathname;
/** Whether the focus was given to a title, which may have given way to another of the same page since. */
let given = false;

interface PageProps {
	readonly title: string;
	/** Beside the title: badges and buttons. */
	readonly aside?: ComponentChildren;
	readonly children: ComponentChildren;
}

export function Page({ title, aside, children }: PageProps) {
	const heading = useRef<HTMLHeadingElement>(null);
	useLayoutEffect(() => {
		document.title = title === 'Signpost' ? title : `${title} · Signpost`;
		const lost = given && document.activeElement === document.body;
		if (location.pathname === shown && !lost) return;
		shown = location.pathname;
		given = true;
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
export function Refused({ refusal, again }: { readonly refusal: Refusal; readonly again?: () => void }) {
	return (
		<div class="warn stack" role="alert">
			<p>{sentence(refusal)}</p>
			{again === undefined ? null : (
				<button type="button" class="quiet small" onClick={again}>
					Try again
				</button>
			)}
		</div>
	);
}

export function Waiting() {
	return (
		<p class="waiting" role="status">
			Loading…
		</p>
	);
}

const LOCAL = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	year: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	timeZoneName: 'short',
});

/** A time for people, in their zone, which it names; exact for machines and on hovering. */
export function Time({ at }: { readonly at: string }) {
	return (
		<time dateTime={at} title={at}>
			{LOCAL.format(new Date(at))}
		</time>
	);
}
