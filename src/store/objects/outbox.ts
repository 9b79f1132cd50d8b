/**
 * Sends what an object still has to tell others, one message at a time, until nothing is left. Without the queue the writes of two saves
 * to KV could overtake each other, and KV could end with the older record.
 */

/** The messages that an object has not sent yet. It keeps them in its database: here they are only taken out one after another. */
export interface Outbox {
	/** Starts to send the next message; null when nothing is left. Everything before its first `await` is synchronous. */
	readonly next: () => Promise<void> | null;
	/** Called when `next` has returned null, before anything else can happen. */
	readonly drained: () => void;
}

export interface OutboxPublisher {
	/** Resolves when nothing is left to send; rejects when a message could not be sent, which then stays in the outbox. */
	readonly publish: () => Promise<void>;
	/** Whether messages are being sent now. */
	readonly isPublishing: () => boolean;
}

export function createOutboxPublisher({ next, drained }: Outbox): OutboxPublisher {
	let running: Promise<void> | null = null;

	async function run(): Promise<void> {
		// Lets `publish` assign `running` first, so that the assignment in `finally` is the later one even when nothing is left.
		await Promise.resolve();
		try {
			for (;;) {
				const sending = next();
				if (sending === null) {
					drained();
					return;
				}
				await sending;
			}
		} finally {
			// Synchronous with the last call of `next`: what is queued after that call starts a run of its own.
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
