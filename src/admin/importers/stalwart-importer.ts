/**
 * Reads Stalwart's configuration. 0.15 and before: config.toml, or the settings that its API dumps as JSON (stalw.art/docs/0.15, server
 * listeners). 0.16: a plan of `stalwart-cli snapshot`, one JSON object on each line (stalw.art/docs/management/cli/plan-format).
 */
import { parse as parseToml } from 'smol-toml';
import { type ConfigurationParser, collectDomains, groupOfAll, notUnderstood, parseJsonText } from './imported-configuration.ts';
import { configurationSource } from './imported-record.ts';
import { settingsOfListeners } from './stalwart-listeners.ts';
import { readStalwartPlan } from './stalwart-plan.ts';

export const parseStalwart: ConfigurationParser = (files, wanted) => {
	const notes: string[] = [];
	const plan = files.flatMap(planLines);
	if (plan.length > 0) {
		const { advertised, domains } = readStalwartPlan(plan, notes);
		if (advertised === null) return notUnderstood('has no SystemSettings with a defaultHostname: a snapshot of these is needed');
		// Its names are the address and the domain of whoever asks, unless PACC has others.
		return groupOfAll(
			collectDomains(domains, notes),
			wanted,
			configurationSource(advertised, {
				silent: { names: advertised.displayName === null, shortName: advertised.shortName === null, texts: true },
			}),
			notes,
		);
	}
	const settings = new Map<string, string>();
	const domains: { path: string; name: string }[] = [];
	for (const text of files) {
		const parsed = parseJsonText(text) ?? parseTomlText(text);
		if (parsed === undefined) return notUnderstood('is neither TOML, nor JSON, nor a plan of stalwart-cli');
		if (Array.isArray(parsed)) domains.push(...listedDomains(parsed));
		else flatten(parsed, '', settings);
	}
	const advertised = settingsOfListeners(settings, notes);
	if (advertised === null) return notUnderstood('has no server.hostname and no server.listener');
	return groupOfAll(collectDomains(domains, notes), wanted, configurationSource(advertised, { silent: { names: true } }), notes);
};

/** The operations of a plan; none where the text is something else. */
function planLines(text: string): readonly object[] {
	const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
	const values = lines.map((line) => (line.trim().startsWith('{') ? parseJsonText(line) : undefined));
	return values.every((value) => typeof value === 'object' && value !== null && '@type' in value && 'object' in value)
		? values.flatMap((value) => (typeof value === 'object' && value !== null ? [value] : []))
		: [];
}

function parseTomlText(text: string): unknown {
	try {
		return parseToml(text);
	} catch {
		// The library reports what is no TOML by throwing.
		return undefined;
	}
}

/** How deep the keys of a configuration may nest. */
const MAX_DEPTH = 12;

/** Settings by their whole names, `server.listener.imaps.bind`; entries of a list are numbered. */
function flatten(value: unknown, path: string, settings: Map<string, string>, depth = 0): void {
	if (depth > MAX_DEPTH) return;
	if (typeof value === 'object' && value !== null && !(value instanceof Date))
		for (const [key, inner] of Object.entries(value)) flatten(inner, path === '' ? key : `${path}.${key}`, settings, depth + 1);
	else settings.set(path, String(value));
}

/** The mail domains among the principals that the API of 0.15 lists. */
function listedDomains(principals: readonly unknown[]): readonly { readonly path: string; readonly name: string }[] {
	return principals.flatMap((principal, at) => {
		if (typeof principal !== 'object' || principal === null || Reflect.get(principal, 'type') !== 'domain') return [];
		const name: unknown = Reflect.get(principal, 'name');
		return typeof name === 'string' ? [{ path: `principals[${at}].name`, name }] : [];
	});
}
