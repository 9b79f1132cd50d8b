import { Page } from './page.tsx';
export function AuditPage(_: any) { return <Page title="Audit"><p>soon</p></Page>; }
