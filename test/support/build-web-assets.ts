/** Builds the pages' scripts and style sheets before the tests that read them (a vitest global set-up). */
export { buildWeb as default } from '../../src/tools/web-assets.ts';
