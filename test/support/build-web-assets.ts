/** Before tests that read the pages' scripts and styles. */
export { buildWeb as default } from '../../src/tools/web-assets.ts';
