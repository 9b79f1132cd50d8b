/** The problems that `/health` reports, shown to operators above every page until they are solved. */
import { useEffect, useState } from 'preact/hooks';
import type { HealthProblem } from '../../../contract/health-problem.ts';

export function HealthProblems() {
	const [problems, setProblems] = useState<readonly HealthProblem[]>([]);
	useEffect(() => {
		void fetchHealthProblems().then(setProblems);
	}, []);
	// A missing SERVICE_HOST is reported beside the DNS records, where it matters.
	const shown = problems.filter(({ severity, code }) => severity === 'error' || code.startsWith('signing-') || code === 'directory-lost');
	if (shown.length === 0) return null;
	return (
		<ul class="warn health" role="status" aria-label="Service health">
			{shown.map(({ severity, code, text, domain }) => (
				<li key={`${code} ${domain ?? ''}`} class={severity === 'error' ? 'bad' : undefined}>
					{domain === undefined ? null : <b>{domain}: </b>}
					{text} <code>{code}</code>
				</li>
			))}
		</ul>
	);
}

async function fetchHealthProblems(): Promise<readonly HealthProblem[]> {
	try {
		// The status is 503 where there is a problem; the document has the same shape.
		const document: { readonly problems: readonly HealthProblem[] } = await (await fetch('/health')).json();
		return document.problems;
	} catch {
		// Where the service cannot be reached, the page's own requests report it.
		return [];
	}
}
