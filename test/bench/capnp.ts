/** Configurations for `workerd serve`. */

/** A Worker's modules and bindings. */
export interface WorkerConfig {
	/** Files beside the configuration; the first is the entry. */
	readonly modules: readonly string[];
	readonly vars: Readonly<Record<string, string>>;
	/** Names of services, by binding. */
	readonly kv?: Readonly<Record<string, string>>;
	readonly services?: Readonly<Record<string, string>>;
	/** Classes of Durable Objects, by binding. */
	readonly objects?: Readonly<Record<string, string>>;
	/** Whether clients reach it, on a port of its own. */
	readonly hasSocket: boolean;
}

/**
 * Prints a configuration: every Worker a service of its name; those that listen do so on a free port of 127.0.0.1.
 * @param external ports of 127.0.0.1 where other servers listen, by the name of the service that each is
 */
export function renderCapnp(
	workers: Readonly<Record<string, WorkerConfig>>,
	compatibilityDate: string,
	external: Readonly<Record<string, number>> = {},
): string {
	const entries = Object.entries(workers);
	const services = [
		...entries.map(([name, worker]) => `(name = ${renderText(name)}, worker = ${renderWorker(worker, compatibilityDate)})`),
		...Object.entries(external).map(
			([name, port]) => `(name = ${renderText(name)}, external = (address = "127.0.0.1:${port}", http = ()))`,
		),
	];
	const sockets = entries
		.filter(([, { hasSocket }]) => hasSocket)
		.map(([name]) => `(name = ${renderText(name)}, address = "127.0.0.1:0", http = (), service = ${renderText(name)})`);
	return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = ${renderList(services)},
  sockets = ${renderList(sockets)}
);
`;
}

function renderWorker({ modules, vars, kv = {}, services = {}, objects = {} }: WorkerConfig, compatibilityDate: string): string {
	const bindings = [
		...Object.entries(vars).map(([name, value]) => `(name = ${renderText(name)}, text = ${renderText(value)})`),
		...Object.entries(kv).map(([name, service]) => `(name = ${renderText(name)}, kvNamespace = ${renderText(service)})`),
		...Object.entries(services).map(([name, service]) => `(name = ${renderText(name)}, service = ${renderText(service)})`),
		...Object.entries(objects).map(
			([name, className]) => `(name = ${renderText(name)}, durableObjectNamespace = ${renderText(className)})`,
		),
	];
	const namespaces = [...new Set(Object.values(objects))].map(
		(className) => `(className = ${renderText(className)}, uniqueKey = ${renderText(`bench-${className}`)}, enableSql = true)`,
	);
	const code = modules.map((file) => `(name = ${renderText(file)}, esModule = embed ${renderText(file)})`);
	const storage =
		namespaces.length === 0 ? '' : `, durableObjectNamespaces = ${renderList(namespaces)}, durableObjectStorage = (inMemory = void)`;
	return `(modules = ${renderList(code)}, bindings = ${renderList(bindings)}, compatibilityDate = ${renderText(compatibilityDate)}${storage})`;
}

function renderList(items: readonly string[]): string {
	return `[${items.join(', ')}]`;
}

/** A text literal. Cap'n Proto reads C's escapes; bytes outside ASCII stand as they are. */
function renderText(value: string): string {
	const escaped = value.replace(/["\\\p{Cc}]/gu, (character) => {
		if (character === '"' || character === '\\') return `\\${character}`;
		return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
	});
	return `"${escaped}"`;
}
