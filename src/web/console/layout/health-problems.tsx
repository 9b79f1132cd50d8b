/** What `/health` says is wrong with the service, for the operator: above every page, until it is put right. */
import { useEffect, useState } from 'preact/hooks';

interface HealthProblem {
	readonly severity: 'error' | 'warning';
	readonly code: string;
	readonly text: string;
	readonly domain?: string;
}

export function HealthProblems() {
	const [ailments, setAilments] = useState<readonly HealthProblem[]>([]);
	useEffect(() => {
		void fetchHealthProblems().then(setAilments);
	}, []);
	// That SERVICE_HOST is missing is said where it matters, beside the DNS records.
	const shown = ailments.filter(({ severity, code }) => severity === 'error' || code.startsWith('signing-'));
	if (shown.length === 0) return null;
	return (
		<ul class="warn" role="status" aria-label="The service’s health">
			{shown.map(({ code, text, domain }) => (
				<li key={`${code} ${domain ?? ''}`}>
					{domain === undefined ? null : <b>{domain}: </b>}
					{text} <code>{code}</code>
				</li>
			))}
		</ul>
	);
}

async function fetchHealthProblems(): Promise<readonly HealthProblem[]> {
	try {
		// 503 where something is wrong; the document is the same.
		const document: { readonly problems: readonly HealthProblem[] } = await (await fetch('/health')).json();
		return document.problems;
	} catch {
		// Without an answer there is nothing to say that the page's own requests do not say.
		return [];
	}
}
