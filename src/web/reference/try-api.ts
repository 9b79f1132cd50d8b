/** The page on which requests of the admin API are tried: Swagger UI, which sends them with the console's session or a token. */
import SwaggerUI, { type OperationEntry, type TaggedOperations } from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import { matchesWords } from './match-words.ts';

function describeOperation(operation: OperationEntry): string {
	const texts = (['operationId', 'summary', 'description'] as const).map((name) => operation.getIn(['operation', name]) ?? '');
	return [operation.get('method'), operation.get('path'), ...texts].join(' ');
}

SwaggerUI({
	dom_id: '#try',
	url: '/admin/api/openapi.json',
	deepLinking: true,
	filter: true,
	tryItOutEnabled: true,
	displayRequestDuration: true,
	// Nobody else is asked whether the document is valid.
	validatorUrl: null,
	docExpansion: 'list',
	defaultModelsExpandDepth: 0,
	plugins: [
		{
			fn: {
				// By default the filter looks at the names of the tags alone.
				opsFilter: (all: TaggedOperations, phrase: string) =>
					all
						.map((tagged) =>
							tagged.set(
								'operations',
								tagged.get('operations').filter((operation) => matchesWords(describeOperation(operation), phrase)),
							),
						)
						.filter((tagged) => tagged.get('operations').size > 0),
			},
		},
	],
});

// Whoever has chosen dark in the system gets dark; Swagger UI goes by a class.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();
