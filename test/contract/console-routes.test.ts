import { describe, expect, it } from 'vitest';
import { consolePath, parseConsoleRoute } from '../../src/contract/console-routes.ts';

describe('the paths of the console', () => {
	it.each([
		['/admin', { page: 'domains', domain: '' }],
		['/admin/', { page: 'domains', domain: '' }],
		['/admin/domains/example.org', { page: 'domain', domain: 'example.org' }],
		['/admin/domains/*.example.org/dns', { page: 'dns', domain: '*.example.org' }],
		['/admin/domains/%2A/history', { page: 'history', domain: '*' }],
		['/admin/usage', { page: 'usage', domain: '' }],
	])('%s', (path, route) => expect(parseConsoleRoute(path)).toEqual(route));

	it.each(['/admin/api/session', '/admin/reference', '/admin/domains', '/admin/domains/a/b/c', '/admin/domains/%E0', '/', '/adminx'])(
		'%s is not a page of the console',
		(path) => expect(parseConsoleRoute(path)).toBeNull(),
	);

	it('parsing a path gives the page it was made for', () => {
		for (const name of ['example.org', '*.example.org', '*'])
			for (const page of ['domain', 'dns', 'history'] as const)
				expect(parseConsoleRoute(consolePath(page, name))).toEqual({ page, domain: name });
	});
});
