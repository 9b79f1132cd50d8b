/** A constant in the place of the built Worker, with all of its bindings: beside the plain one it shows what they add to a start. */
import { DurableObject } from 'cloudflare:workers';

class EmptyObject extends DurableObject {}

export {
	EmptyObject as Directory,
	EmptyObject as HostnameKeeper,
	EmptyObject as ImportKeeper,
	EmptyObject as RecordKeeper,
	EmptyObject as TokenKeeper,
	EmptyObject as UsageCounter,
	EmptyObject as WebhookKeeper,
};

export default {
	fetch: () => new Response('constant'),
} satisfies ExportedHandler;
