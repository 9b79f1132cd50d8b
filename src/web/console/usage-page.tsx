import { Page } from './page.tsx';
export function UsagePage(_: any) { return <Page title="Usage"><p>soon</p></Page>; }
