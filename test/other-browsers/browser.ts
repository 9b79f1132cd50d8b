/** What the tests need of a browser, whichever it is: one page that is looked at and used. */

export interface BrowserPage {
	/** Runs a function in the page, or a script; promises are awaited. */
	evaluate<T>(work: (() => T | Promise<T>) | string): Promise<T>;
	open(url: string): Promise<void>;
	/** Sets the width of what the page sees, in CSS pixels. */
	resize(width: number): Promise<void>;
	/** Replaces the text of a field. */
	fill(selector: string, text: string): Promise<void>;
	/** Clicks the button that has this text. */
	clickButton(text: string): Promise<void>;
	/** Errors and warnings that the browser logged. Empty where `logsErrors` is false. */
	readonly faults: readonly string[];
}

export interface RunningBrowser {
	readonly version: string;
	readonly page: BrowserPage;
	close(): Promise<void>;
}

export interface OtherBrowser {
	readonly name: string;
	/** Why it cannot be tested on this machine; null where it can: the tests are skipped with that reason. */
	readonly findObstacle: () => string | null;
	/** The narrowest page that its window can have, in CSS pixels. */
	readonly narrowest: number;
	readonly launch: (scheme: 'light' | 'dark') => Promise<RunningBrowser>;
}

/** An XPath of a button by its whole text. */
export function buttonPath(text: string): string {
	return `//button[normalize-space(.)="${text}"]`;
}
