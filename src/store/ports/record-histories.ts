import type { RecordName } from '../../model/record-name.ts';
import type { DomainClaims } from './claims.ts';
import type { RecordHistory } from './record-history.ts';
import type { BatchedSaves } from './save-batches.ts';

/** Everything that is kept of one name: its record, which is saved alone or in a batch, and who holds it. */
export type RecordHistories = (name: RecordName) => RecordHistory & BatchedSaves & DomainClaims;
