/**
 * One publisher at a time, in a loop until nothing is owed. A keeper that wrote to its storage and then awaited KV.put for each save
 * would let the puts of two saves overtake each other, and KV could end on the older one.
 */

/** What a keeper owes to the outside. */
export interface Outbox {
	/** Begins to pay one debt; null when there is none. Looks before its first await. */
	readonly next: () => Promise<void> | null;
	/** Nothing is owed: called in the same turn as the look that found it so. */
	readonly drained: () => void;
}

export interface OutboxPublisher {
	/** Resolves when nothing is owed, rejects when a debt could not be paid. */
	readonly publish: () => Promise<void>;
	/** Whether somebody is at it. */
	readonly isPublishing: () => boolean;
}

export function createOutboxPublisher({ next, drained }: Outbox): OutboxPublisher {
	let running: Promise<void> | null = null;

	async function run(): Promise<void> {
		// A turn later, `running` is set, and stays so until this is over.
		await Promise.resolve();
		try {
			for (;;) {
				const debt = next();
				if (debt === null) {
					drained();
					return;
				}
				await debt;
			}
		} finally {
			// In the turn of the last look: a save that comes later starts a round of its own.
			running = null;
		}
	}

	return {
		publish() {
			running ??= run();
			return running;
		},
		isPublishing: () => running !== null,
	};
}
