/** Before tests that read the pages' scripts and styles. */
export { buildWeb as default } from '../src/cli/web-assets.ts';
