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
	readonly listens: boolean;
}

/** Prints a configuration: every Worker a service of its name; those that listen do so on a free port of 127.0.0.1. */
export function renderCapnp(workers: Readonly<Record<string, WorkerConfig>>, compatibilityDate: string): string {
	const entries = Object.entries(workers);
	const services = entries.map(([name, worker]) => `(name = ${text(name)}, worker = ${renderWorker(worker, compatibilityDate)})`);
	const sockets = entries
		.filter(([, { listens }]) => listens)
		.map(([name]) => `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)})`);
	return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = ${list(services)},
  sockets = ${list(sockets)}
);
`;
}

function renderWorker({ modules, vars, kv = {}, services = {}, objects = {} }: WorkerConfig, compatibilityDate: string): string {
	const bindings = [
		...Object.entries(vars).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
		...Object.entries(kv).map(([name, service]) => `(name = ${text(name)}, kvNamespace = ${text(service)})`),
		...Object.entries(services).map(([name, service]) => `(name = ${text(name)}, service = ${text(service)})`),
		...Object.entries(objects).map(([name, className]) => `(name = ${text(name)}, durableObjectNamespace = ${text(className)})`),
	];
	const namespaces = [...new Set(Object.values(objects))].map(
		(className) => `(className = ${text(className)}, uniqueKey = ${text(`bench-${className}`)}, enableSql = true)`,
	);
	const code = modules.map((file) => `(name = ${text(file)}, esModule = embed ${text(file)})`);
	const storage =
		namespaces.length === 0 ? '' : `, durableObjectNamespaces = ${list(namespaces)}, durableObjectStorage = (inMemory = void)`;
	return `(modules = ${list(code)}, bindings = ${list(bindings)}, compatibilityDate = ${text(compatibilityDate)}${storage})`;
}

function list(items: readonly string[]): string {
	return `[${items.join(', ')}]`;
}

/** A text literal. Cap'n Proto reads C's escapes; bytes outside ASCII stand as they are. */
function text(value: string): string {
	const escaped = value.replace(/["\\\p{Cc}]/gu, (character) => {
		if (character === '"' || character === '\\') return `\\${character}`;
		return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
	});
	return `"${escaped}"`;
}
