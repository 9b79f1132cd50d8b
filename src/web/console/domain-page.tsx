import { Page } from './page.tsx';
export function DomainPage(_: any) { return <Page title="Domain"><p>soon</p></Page>; }
