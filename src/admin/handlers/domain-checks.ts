/** The results of `signpost check` that are sent for a domain. */

import { actorKind } from '../../contract/acts.ts';
import { CHECK_AREAS, overallGrade } from '../../contract/checks/check-grades.ts';
import { type DomainCheckView, SendCheckBody, type SentCheckView } from '../../contract/checks/check-results.ts';
import { err, ok } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import { isWildcardName } from '../../model/record-name.ts';
import type { KeptAreaResult } from '../../store/ports/kept-checks.ts';
import { editAuthor } from '../auth/principal.ts';
import { isWithinWriteLimit } from '../auth/write-limit.ts';
import type { Handler } from '../handler.ts';
import { readBody } from '../request-input.ts';
import { authorRefusalProblem } from '../save-refusal-problem.ts';

export const readCheck: Handler = async ({ name, dependencies }) =>
	ok({ body: checkView(name, await dependencies.recordHistory(name).readCheck()) });

export const sendCheck: Handler = async ({ name, request, principal, dependencies }) => {
	// A wildcard is no domain that could be checked.
	if (isWildcardName(name)) return err({ code: 'not-found' });
	const body = await readBody(request, SendCheckBody);
	if (!body.ok) return body;
	if (!(await isWithinWriteLimit(principal, name, dependencies))) return err({ code: 'too-many' });
	const { author, token, claim, requiredTag } = editAuthor(principal);
	const kept = await dependencies.recordHistory(name).keepCheck({ name, author, token, claim, requiredTag, ...body.value });
	if (kept.outcome === 'no-record') return err({ code: 'not-found' });
	if (kept.outcome !== 'kept') return err(authorRefusalProblem(kept.outcome, name));
	const view: SentCheckView = { ...checkView(name, kept.areas), worsened: kept.worsened };
	return ok({ body: view });
};

function checkView(domain: string, results: readonly KeptAreaResult[]): DomainCheckView {
	const gradeOf = (area: string) => results.find(({ result }) => result.area === area)?.grade ?? null;
	return {
		domain,
		overall: overallGrade(CHECK_AREAS.map(gradeOf)),
		areas: results.map(({ result, grade, at, author, token, isCurrentRecord }) => ({
			...result,
			grade,
			at: isoTime(at),
			by: author,
			kind: actorKind(author, token),
			isCurrentRecord,
		})),
	};
}
