/** The licences of everything that esbuild put into a bundle: most ask to go where the code goes. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface BundledPackage {
	readonly name: string;
	readonly version: string;
	/** SPDX. */
	readonly licence: string;
	/** The texts of its licence files. */
	readonly texts: readonly string[];
}

/** Licences that let the code go into an MIT-licensed package, with their text beside it. */
const ACCEPTED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense']);

/**
 * @param inputs the paths of the bundle's sources (esbuild's metafile), relative to `root`
 * @throws where a package has no licence text, or one that is not accepted
 */
export async function findBundledPackages(inputs: readonly string[], root: string): Promise<readonly BundledPackage[]> {
	// The last node_modules in a path is the package's own.
	const folders = inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((folder) => folder !== undefined);
	const found = await Promise.all([...new Set(folders)].sort().map((folder) => readPackage(join(root, folder))));
	return found.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

async function readPackage(folder: string): Promise<BundledPackage> {
	const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
	const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
	const texts = await Promise.all(files.map(async (file) => (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n').trim()));
	// Some packages name their licence and leave its text out; MIT's is the same everywhere but for the holder.
	const holder = typeof author === 'string' ? author : author?.name;
	if (texts.length === 0 && license === 'MIT' && typeof holder === 'string') texts.push(mitLicence(`Copyright (c) ${holder}`));
	if (texts.length === 0) throw new Error(`${name} ${version} is bundled and has no licence text`);
	if (!ACCEPTED.has(license)) throw new Error(`${name} ${version} is bundled, and its licence "${license}" is not accepted`);
	return { name, version, licence: license, texts };
}

export function renderBundledLicences(packages: readonly BundledPackage[]): string {
	const rule = '-'.repeat(80);
	const parts = packages.map(({ name, version, licence, texts }) => `${rule}\n${name} ${version} (${licence})\n\n${texts.join('\n\n')}\n`);
	return `signpost.mjs contains these packages, each under the licence that follows its name.\n\n${parts.join('\n')}`;
}

const mitLicence = (copyright: string) => `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
