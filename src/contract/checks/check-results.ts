/** What `signpost check --send` sends to the service of a domain's check, and what the service says of it. */
import * as v from 'valibot';
import { INVISIBLE_CHARACTERS, INVISIBLE_CHARACTERS_REASON } from '../../model/record-fields.ts';
import { ACTOR_KINDS } from '../acts.ts';
import { CHECK_AREAS, GRADE_LETTERS, SEVERITIES } from './check-grades.ts';

/** Findings, and things that are not known, of one area at most: the worst and the first; the others are counted. */
export const MAX_SENT_FINDINGS = 20;
export const MAX_SENT_UNKNOWNS = 10;
/** Characters of a place, of what was wanted or found, of a reason, and of an advice at most. */
export const MAX_PLACE_LENGTH = 300;
export const MAX_FOUND_LENGTH = 200;
export const MAX_ADVICE_LENGTH = 1000;

/** One line of text, as a terminal and a page may show it. */
const line = (maxLength: number) =>
	v.pipe(
		v.string('must be text'),
		v.maxLength(maxLength, `must have at most ${maxLength} characters`),
		v.regex(/^[^\p{Cc}]*$/u, 'must not contain control characters'),
		v.check((text) => !INVISIBLE_CHARACTERS.test(text), INVISIBLE_CHARACTERS_REASON),
	);

const further = (description: string) =>
	v.pipe(
		v.number('must be a number'),
		v.integer('must be a whole number'),
		v.minValue(0, 'must not be negative'),
		v.maxValue(1_000_000, 'must be at most 1000000'),
		v.description(description),
	);

const list = <Item extends v.GenericSchema>(item: Item, max: number) =>
	v.pipe(v.array(item, 'must be a list'), v.maxLength(max, `must have at most ${max} entries`), v.readonly());

const SentFinding = v.strictObject({
	severity: v.picklist(SEVERITIES, `must be one of ${SEVERITIES.join(', ')}`),
	code: v.pipe(v.string('must be text'), v.regex(/^[a-z0-9-]{1,64}$/, 'must be the code of a finding')),
	place: line(MAX_PLACE_LENGTH),
	wanted: line(MAX_FOUND_LENGTH),
	found: line(MAX_FOUND_LENGTH),
	advice: line(MAX_ADVICE_LENGTH),
});

const SentUnknown = v.strictObject({
	kind: v.pipe(
		v.picklist(['unclear', 'unlooked'], 'must be unclear or unlooked'),
		v.description('`unclear`: it was seen and not understood. `unlooked`: it could not be looked at.'),
	),
	place: line(MAX_PLACE_LENGTH),
	reason: line(MAX_FOUND_LENGTH),
});

/** The results of one area. */
const areaFields = {
	area: v.picklist(CHECK_AREAS, `must be one of ${CHECK_AREAS.join(', ')}`),
	looked: further('How many places were looked at: records, URLs, ports, hosts.'),
	findings: v.pipe(list(SentFinding, MAX_SENT_FINDINGS), v.description('The worst of them first.')),
	furtherFindings: further('Findings that are not listed: none of them is worse than the last in the list.'),
	unknowns: v.pipe(
		list(SentUnknown, MAX_SENT_UNKNOWNS),
		v.description('What was not understood or could not be looked at. An area with any has no grade.'),
	),
	furtherUnknowns: further('Unknowns that are not listed.'),
};

export const SendCheckBody = v.strictObject({
	recordDigest: v.pipe(
		v.string('must be text'),
		v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal digits'),
		v.description('SHA-256 of the record that was checked: of its JSON as the service returns it, without white space.'),
	),
	areas: v.pipe(
		v.array(v.strictObject(areaFields), 'must be a list'),
		v.minLength(1, 'must have at least one entry'),
		v.check((areas) => new Set(areas.map(({ area }) => area)).size === areas.length, 'must name each area once'),
		v.readonly(),
		v.description('The areas that were checked; the service keeps what it has of the others.'),
	),
});

const grade = v.nullable(v.picklist(GRADE_LETTERS));
const time = v.pipe(v.string(), v.isoTimestamp());

const CheckedArea = v.object({
	...areaFields,
	grade: v.pipe(grade, v.description('null: something in it was not understood or could not be looked at, or nothing was looked at.')),
	at: v.pipe(time, v.description('When the service got it.')),
	by: v.string(),
	kind: v.picklist(ACTOR_KINDS),
	isCurrentRecord: v.pipe(v.boolean(), v.description('Whether the record that was checked is the one that is saved now.')),
});

const checkFields = {
	domain: v.string(),
	overall: v.pipe(grade, v.description('The worst of all areas; null where one of them has none, or was never sent.')),
	areas: v.pipe(
		v.array(CheckedArea),
		v.readonly(),
		v.description('The last result of each area; those that were never sent are not listed.'),
	),
};

export const DomainCheckView = v.object(checkFields);

const WorsenedArea = v.object({
	area: v.picklist(CHECK_AREAS),
	from: v.pipe(grade, v.description('The last letter that the area had; null where it never had any.')),
	to: v.pipe(grade, v.description('null: something is not known, or nothing was looked at.')),
	atBest: v.pipe(
		v.picklist(GRADE_LETTERS),
		v.description('The grade of what was found, as if all that is not known were fine; `to` where that is a letter.'),
	),
});

export const SentCheckView = v.object({
	...checkFields,
	worsened: v.pipe(
		v.array(WorsenedArea),
		v.readonly(),
		v.description('Areas that have no letter any more, or in which what was found is worse than before and than their last letter.'),
	),
});

export type SendCheckBody = v.InferOutput<typeof SendCheckBody>;
export type CheckAreaResult = SendCheckBody['areas'][number];
export type CheckedArea = v.InferOutput<typeof CheckedArea>;
export type DomainCheckView = v.InferOutput<typeof DomainCheckView>;
export type WorsenedArea = v.InferOutput<typeof WorsenedArea>;
export type SentCheckView = v.InferOutput<typeof SentCheckView>;
