import type { RecordName } from '../../model/record-name.ts';
import type { BatchedSaves } from './batched-saves.ts';
import type { DomainClaims } from './claims.ts';
import type { KeptChecks } from './kept-checks.ts';
import type { RecordHistory } from './record-history.ts';
import type { ZoneChanges } from './zone-changes.ts';

/**
 * Everything that is kept of one name: its record, which is saved alone or in a batch, who holds it, when its zone was changed, and what its
 * last check has found.
 */
export type RecordHistories = (name: RecordName) => RecordHistory & BatchedSaves & DomainClaims & ZoneChanges & KeptChecks;
