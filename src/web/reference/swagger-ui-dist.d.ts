/** The part of Swagger UI that the page uses; the package has no types of its own. Source: its docs/usage/configuration.md, version 5.35. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
	/** The operations of one tag: an immutable map whose `operations` is a list of immutable maps. */
	export interface TaggedOperations {
		filter(isKept: (tagged: TaggedOperations) => boolean): TaggedOperations;
		map(change: (tagged: TaggedOperations) => TaggedOperations): TaggedOperations;
		get(name: 'operations'): OperationList;
		set(name: 'operations', operations: OperationList): TaggedOperations;
	}
	export interface OperationList {
		readonly size: number;
		filter(isKept: (operation: OperationEntry) => boolean): OperationList;
	}
	export interface OperationEntry {
		get(name: 'path' | 'method'): string;
		getIn(path: readonly ['operation', 'summary' | 'description' | 'operationId']): string | undefined;
	}
	export interface Configuration {
		readonly dom_id: string;
		readonly url: string;
		readonly deepLinking: boolean;
		readonly filter: boolean;
		readonly tryItOutEnabled: boolean;
		readonly displayRequestDuration: boolean;
		readonly validatorUrl: null;
		readonly docExpansion: 'list' | 'full' | 'none';
		readonly defaultModelsExpandDepth: number;
		readonly plugins: readonly { readonly fn: { readonly opsFilter: (all: TaggedOperations, phrase: string) => TaggedOperations } }[];
	}
	export default function SwaggerUI(configuration: Configuration): unknown;
}
