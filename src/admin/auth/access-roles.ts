/** Parses the variable ACCESS_ROLES, which says what people may do who log in through Cloudflare Access. */
import * as v from 'valibot';
import { ROLES } from '../../contract/roles.ts';
import { MAX_ADDRESS_LENGTH } from '../../model/names.ts';
import { parseRecordName } from '../../model/record-name.ts';

/** An e-mail address, or a group as `group:name`. */
const roleHolder = v.pipe(v.string(), v.minLength(3), v.maxLength(MAX_ADDRESS_LENGTH));

const AccessRoles = v.strictObject({
	operators: v.optional(v.array(roleHolder), []),
	people: v.optional(
		v.array(
			v.strictObject({
				who: roleHolder,
				role: v.picklist(ROLES),
				domains: v.array(
					v.pipe(
						v.string(),
						v.check((text) => parseRecordName(text) === text, 'must be a name as the directory has it'),
					),
				),
			}),
		),
		[],
	),
});
export type AccessRoles = v.InferOutput<typeof AccessRoles>;

/** @returns null where the text is not such a JSON document */
export function parseAccessRoles(text: string): AccessRoles | null {
	try {
		const parsed = v.safeParse(AccessRoles, JSON.parse(text));
		return parsed.success ? parsed.output : null;
	} catch {
		return null;
	}
}
