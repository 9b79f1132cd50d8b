/** A plugin of Vite for the tests of the Worker. */
import type { Vite } from 'vitest/node';

const DYNAMIC_IMPORT = /(?<!typeof )\bimport\(\s*(['"])(\.[^'"]+)\1\s*\)/g;

/**
 * Loads with a source file of the Worker what that file loads later. On Cloudflare, import() of a module that is loaded already is no I/O. In
 * Vitest each import() asks the process outside the Worker, and requests that do so at the same time share one question: it belongs to one
 * of them, and the runtime cancels the others as hung.
 */
export function staticImports(sourceFolder: string): Vite.Plugin {
	return {
		name: 'signpost-static-imports',
		enforce: 'post',
		transform(code, id) {
			if (!id.startsWith(sourceFolder)) return null;
			const statements: string[] = [];
			const rewritten = code.replaceAll(DYNAMIC_IMPORT, (_, _quote, path: string) => {
				const name = `__loaded_${statements.length}`;
				statements.push(`import * as ${name} from ${JSON.stringify(path)};`);
				return `Promise.resolve(${name})`;
			});
			// On one line with the first statement, so that line numbers stay what they are.
			return statements.length === 0 ? null : { code: statements.join('') + rewritten, map: null };
		},
	};
}
