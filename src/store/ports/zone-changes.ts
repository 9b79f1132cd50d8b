/** The port to what is remembered of changes to a domain's zone. A name server does not tell when it was changed last. */
import type { RecordName } from '../../model/record-name.ts';

export interface ZoneChanges {
	/** Unix time in milliseconds until which resolvers may remember what stood in the domain's zone before the last change; 0 for none. */
	readCachesExpireAt(domain: string): Promise<number>;
	/**
	 * Remembers a change that is about to be made, or was made. A time before one that is remembered already changes nothing.
	 * @param name the record that the domain's settings come from, which may be a wildcard
	 */
	noteZoneChange(name: RecordName, domain: string, cachesExpireAt: number): Promise<void>;
}
