/** The HTML document of the admin console. All pages share it; the script fills it. */
import type { AdminDependencies } from './admin-dependencies.ts';

/** The Content-Security-Policy: only own scripts and styles. Logos that are stored in a record are `data:` URLs. */
const CONTENT_SECURITY_POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"form-action 'self'",
	"base-uri 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** Renders the document. It contains nothing of any record, so it needs no log-in. With status 404 the console says that there is no such page. */
export function renderConsoleDocument(
	{ serviceHost, publishedNames }: Pick<AdminDependencies, 'serviceHost' | 'publishedNames'>,
	status: 200 | 404,
): Response {
	const page = (
		<html lang="en" data-service-host={serviceHost ?? ''} data-names={publishedNames}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="robots" content="noindex" />
				<title>Signpost</title>
				<link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
				<link rel="stylesheet" href="/assets/console.css" />
				<script type="module" src="/assets/console.js"></script>
			</head>
			<body>
				<noscript>
					<p class="warn">
						The console needs JavaScript. The <a href="/admin/reference">API</a> and the command-line tool do the same without it.
					</p>
				</noscript>
				<div id="console">
					<div class="bar">
						<span class="brand">
							<img src="/assets/icon.svg" alt="" width={28} height={28} />
							Signpost
						</span>
					</div>
				</div>
			</body>
		</html>
	);
	return new Response(`<!doctype html>${page.toString()}\n`, {
		status,
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Cache-Control': 'no-cache',
			'Content-Security-Policy': CONTENT_SECURITY_POLICY,
			'X-Content-Type-Options': 'nosniff',
			'Referrer-Policy': 'no-referrer',
			'Cross-Origin-Opener-Policy': 'same-origin',
		},
	});
}
