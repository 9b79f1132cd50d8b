import type { DomainView } from '../../contract/views.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { Editing } from './editing.ts';
export function DnsTab(_: { name: RecordName; view: DomainView; editing: Editing }) { return null; }
