/** What the report pages of the tool have in common: the colours and the measure of a page, and what a browser may load for it. */

/** The beginning of the style sheet of a report page. No ">" and no "&": in a page that is written as XML they would be references. */
export const REPORT_PAGE_STYLE = `:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#595959;--line:#d9d9d9;--paper:#fff;--good:#1a7f37;--fair:#8a5a00;--bad:#c01c28}
@media(prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#a8a8a8;--line:#3d3d3d;--paper:#161616;--good:#57c76b;--fair:#e0a940;--bad:#ff7b7b}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:0 auto;padding:1rem}`;

/** A report is one file: it loads nothing, and has no script. */
export const REPORT_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";
