/** The Worker: wires the environment to the parts, nothing else. */
import { env } from 'cloudflare:workers';
import type { Counter } from './http/observe.ts';
import { observer } from './http/observe.ts';
import { publish } from './http/publish.ts';
import { noSigner } from './http/signer.ts';
import { parseDomain } from './model/names.ts';
import { keptRecords } from './store/kept-records.ts';
import { kvRecords } from './store/kv-records.ts';

const now = () => Date.now();

const app = publish({
	records: keptRecords(kvRecords(env.RECORDS), Number(env.KEEP_SECONDS), now),
	signer: noSigner,
	observe: observer(counterOf(env)),
	now,
	redirectHttp: env.HTTPS_REDIRECT === 'on',
	zoneIsPublic: env.ZONE === 'on',
	serviceHost: parseDomain(env.SERVICE_HOST),
	assets: (request) => env.ASSETS.fetch(request),
});

export { Directory } from './store/directory.ts';
export { RecordKeeper } from './store/record-keeper.ts';
export { TokenKeeper } from './store/token-keeper.ts';

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;

/** The Analytics Engine dataset, where the operator has bound one as REQUESTS. */
function counterOf(bindings: object): Counter | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isCounter(bound) ? bound : null;
}

function isCounter(bound: unknown): bound is Counter {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
