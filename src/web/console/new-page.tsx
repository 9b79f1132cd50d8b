import { Page } from './page.tsx';
export function NewPage(_: any) { return <Page title="New"><p>soon</p></Page>; }
