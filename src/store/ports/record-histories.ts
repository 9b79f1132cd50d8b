import type { RecordName } from '../../model/record-name.ts';
import type { BatchedSaves } from './batched-saves.ts';
import type { DomainClaims } from './claims.ts';
import type { RecordHistory } from './record-history.ts';

/** Everything that is kept of one name: its record, which is saved alone or in a batch, and who holds it. */
export type RecordHistories = (name: RecordName) => RecordHistory & BatchedSaves & DomainClaims;
