/** A profile for several addresses of one person, and with a name: who logs in, what is left out, and what is refused. */
import { describe, expect, it } from 'vitest';
import { createClientEnvironment } from '../clients/client-environment.ts';

const { fetch } = createClientEnvironment('minimal');
const get = (query: string) => fetch(`https://autoconfig.example.com/mobileconfig?${query}`);
const post = (fields: Record<string, string>) =>
	fetch('https://autoconfig.example.com/mobileconfig', { method: 'POST', body: new URLSearchParams(fields).toString() });

function plistValue(profile: string, key: string): string | null {
	return new RegExp(`<key>${key}</key>\\s*<(?:string|integer)>([^<]*)`).exec(profile)?.[1] ?? null;
}

describe('several addresses of one person', () => {
	it.each([
		['email=alice@example.com,info@example.com'],
		['email=alice%40example.com%2Cinfo%40Example.COM'],
		['emailaddress=%20alice@example.com%20,%20info@example.com'],
	])('are in one account, which logs in with the first: %s', async (query) => {
		const { status, body } = await get(query);
		expect(status).toBe(200);
		expect(plistValue(body, 'EmailAddress')).toBe('alice@example.com,info@example.com');
		expect(plistValue(body, 'IncomingMailServerUsername')).toBe('alice@example.com');
		expect(plistValue(body, 'OutgoingMailServerUsername')).toBe('alice@example.com');
		// It replaces the profile of the first address alone, and nobody else gets it.
		const alone = (await get('email=alice@example.com')).body;
		expect(plistValue(body, 'PayloadIdentifier')).toBe(plistValue(alone, 'PayloadIdentifier'));
		expect(plistValue(alone, 'EmailAddress')).toBe('alice@example.com');
		expect(body.replaceAll('alice@example.com,info@example.com', 'alice@example.com')).toBe(alone);
	});

	it.each([
		['one of another domain', 'email=alice@example.com,info@example.org'],
		['one that is none', 'email=alice@example.com,info'],
		['nothing after a comma', 'email=alice@example.com,'],
		['too many', `email=${Array.from({ length: 9 }, (_, at) => `a${at}@example.com`).join(',')}`],
	])('are refused with %s', async (_, query) => {
		expect((await get(query)).status).toBe(400);
	});
});

describe('further addresses in a form', () => {
	it.each([
		['info@example.com', 'alice@example.com,info@example.com'],
		[' info@example.com , post@example.com ', 'alice@example.com,info@example.com,post@example.com'],
		['Alice@EXAMPLE.com, alice@example.com,info@example.com', 'alice@example.com,Alice@example.com,info@example.com'],
		['alice@example.com', 'alice@example.com'],
		['', 'alice@example.com'],
	])('stand behind the first, each once: %j', async (others, addresses) => {
		const { status, body } = await post({ email: 'alice@example.com', others });
		expect([status, plistValue(body, 'EmailAddress')]).toEqual([200, addresses]);
	});

	it.each(['info@example.org', 'info', 'info@example.com,', Array.from({ length: 8 }, (_, at) => `a${at}@example.com`).join()])(
		'are refused where one is none of this domain: %s',
		async (others) => {
			expect((await post({ email: 'alice@example.com', others })).status).toBe(400);
		},
	);

	it('in a link are ignored', async () => {
		const { body } = await get('email=alice@example.com&others=info@example.com');
		expect(plistValue(body, 'EmailAddress')).toBe('alice@example.com');
	});
});

describe('a name', () => {
	it('given by the form is the sender’s, under the same identifiers', async () => {
		const named = (await post({ email: 'alice@example.com', name: ' Alice & "Bob" Müller ' })).body;
		expect(plistValue(named, 'EmailAccountName')).toBe('Alice &amp; &quot;Bob&quot; Müller');
		const plain = (await post({ email: 'alice@example.com' })).body;
		expect(plistValue(plain, 'EmailAccountName')).toBeNull();
		expect(plistValue(named, 'PayloadUUID')).toBe(plistValue(plain, 'PayloadUUID'));
		// The next user without a name gets none.
		expect(plistValue((await post({ email: 'bob@example.com' })).body, 'EmailAccountName')).toBeNull();
	});

	it.each([[''], ['   '], ['a\u0000b'], ['a\nb'], ['a\u202Eb'], ['x'.repeat(101)]])('that is none is left out: %j', async (name) => {
		const { status, body } = await post({ email: 'alice@example.com', name });
		expect([status, plistValue(body, 'EmailAccountName')]).toEqual([200, null]);
	});

	it('in a link is ignored', async () => {
		expect(plistValue((await get('email=alice@example.com&name=Mallory')).body, 'EmailAccountName')).toBeNull();
	});
});
