/** What every page must be, whatever it shows. */

import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { SCREENSHOTS } from './chromium.ts';

const AXE_SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

declare global {
	interface Window {
		axe: typeof axe;
	}
}

/** A page of any browser. */
export interface InspectedPage {
	/** Runs a function in the page, or a script; promises are awaited. */
	evaluate<T>(work: (() => T | Promise<T>) | string): Promise<T>;
}

/** No finding of axe, of any weight: WCAG 2.2 A and AA, and its best practices. */
export async function expectAccessible(page: InspectedPage): Promise<void> {
	// Evaluated by the debugger, which a page's policy does not bind.
	await page.evaluate(await readFile(AXE_SCRIPT, 'utf8'));
	const { violations, passes } = await page.evaluate(() => window.axe.run(document));
	const found = violations.map(
		({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html} (${any[0]?.message ?? ''})`).join(' | ')}`,
	);
	expect(found).toEqual([]);
	// Behind a modal dialog most of a page is out of reach, of axe too.
	expect(passes.length).toBeGreaterThan(15);
}

/** Nothing sticks out to the side, of the page, of a part that cuts off what does, or of a control or a badge, be it text alone. */
export async function expectNoOverflow(page: InspectedPage): Promise<void> {
	const out = await page.evaluate(() => {
		const width = document.documentElement.clientWidth;
		const scrolls = document.documentElement.scrollWidth > width;
		const elements = [...document.querySelectorAll('body *')].filter(
			(element) => element.closest('.scroll, .skip, .hidden') === null && element.checkVisibility(),
		);
		const clipping = elements.filter((element) => /hidden|clip/.test(getComputedStyle(element).overflowX));
		const culprits = elements
			.filter((element) => {
				const { left, right, width: ownWidth } = element.getBoundingClientRect();
				// A place where a line may break has no box, and is nowhere.
				if (ownWidth === 0) return false;
				const clipped = clipping.find((each) => each !== element && each.contains(element))?.getBoundingClientRect();
				return left < Math.max(0, clipped?.left ?? 0) - 1 || right > Math.min(width, clipped?.right ?? width) + 1;
			})
			.map((element) => `${element.tagName} ${element.className}`);
		const spilt = elements
			.filter((element) => element.matches('button, .button, .choice, .badge, .tag, nav a'))
			.filter((element) => {
				const { left, right } = element.getBoundingClientRect();
				// The text for screen readers alone is wider than its box.
				const isShown = (part: Node) => part.parentElement?.closest('.hidden') === null;
				const parts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
				const boxes = [...element.querySelectorAll(':not(.hidden)')].map((part) => part.getBoundingClientRect());
				for (let text = parts.nextNode(); text !== null; text = parts.nextNode()) {
					const range = document.createRange();
					range.selectNodeContents(text);
					if (isShown(text)) boxes.push(...range.getClientRects());
				}
				return boxes.some((box) => box.width > 0 && (box.left < left - 0.5 || box.right > right + 0.5));
			})
			.map((element) => `${element.className} ${element.textContent}`);
		return { scrolls, culprits, spilt };
	});
	expect(out).toEqual({ scrolls: false, culprits: [], spilt: [] });
}

/** No word is broken in a button, a label, a badge or a cell of plain words. Japanese, which breaks anywhere, is left out. */
export async function expectNoBrokenWords(page: InspectedPage): Promise<void> {
	const broken = await page.evaluate(() =>
		[...document.querySelectorAll('button, .button, .badge, label, legend, thead th, td:not(:has(code, a, time))')]
			.filter((element) => element.checkVisibility())
			.flatMap((element) => {
				const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
				const found: string[] = [];
				for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
					for (const word of (text.textContent ?? '').matchAll(/[\p{Script=Latin}\p{Script=Arabic}\p{N}]+/gu)) {
						const range = document.createRange();
						range.setStart(text, word.index);
						range.setEnd(text, word.index + word[0].length);
						// WebKit adds an empty box at the end of the line before, for a word that begins a line.
						const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
						if (new Set(boxes.map(({ top }) => Math.round(top))).size > 1) found.push(word[0]);
					}
				return found;
			}),
	);
	expect(broken).toEqual([]);
}

/** Buttons, fields and links that stand alone are 24 CSS pixels high and wide at least, as WCAG 2.2 asks for (2.5.8). Links in text are not meant. */
export async function expectTargetSizes(page: InspectedPage): Promise<void> {
	const small = await page.evaluate(() =>
		[...document.querySelectorAll('button, .button, input, select, textarea, summary, nav a')]
			// What is shown in its place is the label, or the link for those who do not see the page.
			.filter((element) => element.checkVisibility() && element.closest('.hidden, .skip, label') === null)
			.map((element) => ({ box: element.getBoundingClientRect(), element }))
			.filter(
				({ box, element }) =>
					(box.width < 24 || box.height < 24) && !(element instanceof HTMLInputElement && /^(radio|checkbox)$/.test(element.type)),
			)
			.map(
				({ box, element }) =>
					`${element.tagName} ${element.className} ${element.textContent} ${Math.round(box.width)}x${Math.round(box.height)}`,
			),
	);
	expect(small).toEqual([]);
}

/** Takes a picture of the page into `screenshots`, for people to look at. */
export async function takeScreenshot(page: Page, name: string, fullPage = true): Promise<void> {
	mkdirSync(SCREENSHOTS, { recursive: true });
	await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage });
}

/** Whether the machine's fonts draw two letters apart. Without a font both are the same box, or nothing. */
export function hasGlyphs(page: Page, pair: string): Promise<boolean> {
	return page.evaluate(
		([first = '', second = '']) => {
			const drawn = (letter: string) => {
				const canvas = document.createElement('canvas');
				const pen = canvas.getContext('2d');
				if (pen === null) throw new Error('no canvas');
				pen.font = '40px sans-serif';
				pen.fillText(letter, 10, 60);
				return canvas.toDataURL();
			};
			return drawn(first) !== drawn(second);
		},
		[...pair],
	);
}
