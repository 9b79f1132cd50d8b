import type { WireRequest } from '../../src/protocols/protocol.ts';

/** An empty request, with the parts that a test sets. */
export function sampleWireRequest(parts: Partial<WireRequest>): WireRequest {
	return { method: 'GET', host: 'autoconfig.example.com', path: '/', query: '', userAgent: '', contentType: '', body: '', ...parts };
}
