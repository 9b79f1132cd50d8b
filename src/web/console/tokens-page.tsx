import { Page } from './page.tsx';
export function TokensPage(_: any) { return <Page title="Tokens"><p>soon</p></Page>; }
