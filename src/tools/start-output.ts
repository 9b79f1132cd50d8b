/** What `npm start` shows of the lines that wrangler prints: problems, and one line for each request. */

/** The address on which wrangler says that it is ready. */
const READY = /^\[wrangler:info\] Ready on /;
const REQUEST = /^\[wrangler:info\] (?=[A-Z]+ \/)/;
/** The service's own line of a request, which says the same as wrangler's. */
const SERVICE_REQUEST = /^\{"level":"info","code":"request",/;

export interface StartOutput {
	/** @param chunk a part of the output, which may end within a line */
	readonly push: (chunk: string) => void;
	/**
	 * The line of one request that `npm start` sends itself is left out, from now on.
	 * @param request as in "GET /robots.txt"
	 */
	readonly omit: (request: string) => void;
	/** A request that was to be left out has not reached the service. */
	readonly notSent: (request: string) => void;
	/** The service has ended. */
	readonly end: () => void;
}

/**
 * Passes lines on. What comes before the service is ready (the bindings, the build) is held back: it is shown only where the service does
 * not become ready, when it says why.
 * @param write takes a line without its end
 */
export function createStartOutput(write: (line: string) => void): StartOutput {
	let held: string[] | null = [];
	let rest = '';
	let own: readonly string[] = [];
	/** @returns whether a request of this program was taken from the list */
	const forget = (isWanted: (request: string) => boolean) => {
		const at = own.findIndex(isWanted);
		if (at >= 0) own = own.toSpliced(at, 1);
		return at >= 0;
	};
	const isOwn = (line: string) => REQUEST.test(line) && forget((request) => line.replace(REQUEST, '').startsWith(`${request} `));
	const take = (line: string) => {
		if (held === null) {
			if (!SERVICE_REQUEST.test(line) && line.trim() !== '' && !isOwn(line)) write(line.replace(REQUEST, ''));
		} else if (READY.test(line)) held = null;
		else held.push(line);
	};
	return {
		push(chunk) {
			const lines = (rest + chunk).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) take(line);
		},
		omit(request) {
			own = [...own, request];
		},
		notSent(request) {
			forget((each) => each === request);
		},
		end() {
			if (rest !== '') take(rest);
			rest = '';
			for (const line of held ?? []) write(line);
			held = null;
		},
	};
}
