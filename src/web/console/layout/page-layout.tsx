/**
 * The frame of one page: its title, also shown in the browser's tab. When one page follows another, the focus moves to the title, so that
 * people who use a screen reader hear where they are.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { DottedName } from '../components/dotted-name.tsx';

/** The path shown last. State of the module, because each page mounts a new layout. The first page does not take the focus: the browser placed it. */
let lastPathname = location.pathname;
/** Whether a title has had the focus. A page that finishes loading replaces its title, and the focus would fall back to the document. */
let focusedTitle = false;

interface PageLayoutProps {
	readonly title: string;
	/** Badges and buttons beside the title. */
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
					<DottedName text={title} />
				</h1>
				{aside}
			</div>
			{children}
		</>
	);
}
