import type { WireRequest } from '../../src/protocols/protocol.ts';

/** A request with nothing in it, and the parts that a test cares about. */
export function sampleWireRequest(parts: Partial<WireRequest>): WireRequest {
	return { method: 'GET', host: 'autoconfig.example.com', path: '/', query: '', userAgent: '', contentType: '', body: '', ...parts };
}
