/** Where the Durable Objects are: a jurisdiction that they never leave, and a region near which they are created. */

/** `DurableObjectJurisdiction` of the platform. */
export const JURISDICTIONS = ['eu', 'us', 'fedramp', 'fedramp-high'] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/** `DurableObjectLocationHint` of the platform: it counts when an object is created, and is a wish. */
export const LOCATION_HINTS = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc', 'afr', 'me'] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

export interface ObjectPlacement {
	/** Null where the platform may keep the objects anywhere; `unusable` where the settings name none that there is: then no object is used. */
	readonly jurisdiction: Jurisdiction | 'unusable' | null;
	/** Null where the platform chooses: near the first request. */
	readonly hint: LocationHint | null;
}

/** A binding of Durable Objects whose class implements a port. */
export interface ObjectNamespace<Port> {
	idFromName(name: string): DurableObjectId;
	idFromString(id: string): DurableObjectId;
	get(id: DurableObjectId): Port;
}

/** The part of the platform's namespace that is used. */
export interface PlatformNamespace<Port> {
	idFromName(name: string): DurableObjectId;
	idFromString(id: string): DurableObjectId;
	get(id: DurableObjectId, options?: { locationHint?: LocationHint }): Port;
	jurisdiction(jurisdiction: Jurisdiction): PlatformNamespace<Port>;
}

/**
 * Returns the objects of a namespace in the jurisdiction and near the place that the settings name. A name is another object in each
 * jurisdiction. The place is looked up with each call: workerd, which `npm start` runs, has no jurisdictions and throws, and the rest of
 * the service goes on.
 */
export function placeObjects<Port>(namespace: PlatformNamespace<Port>, { jurisdiction, hint }: ObjectPlacement): ObjectNamespace<Port> {
	const placed = () => {
		if (jurisdiction === 'unusable')
			throw new Error('DATA_JURISDICTION names no jurisdiction: nothing is read or saved until it is corrected');
		return jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction);
	};
	const options = hint === null ? undefined : { locationHint: hint };
	return {
		idFromName: (name) => placed().idFromName(name),
		idFromString: (id) => placed().idFromString(id),
		get: (id) => placed().get(id, options),
	};
}

/**
 * Places the objects that another object calls. A caller that is in another jurisdiction than the settings say, because they were changed, may
 * call none: its data would be split.
 * @param own the jurisdiction that the caller was created in, as the platform tells
 */
export function placeObjectsOf<Port>(
	own: string | undefined,
	namespace: PlatformNamespace<Port>,
	placement: ObjectPlacement,
): ObjectNamespace<Port> {
	const placed = placeObjects(namespace, placement);
	const check = () => {
		if ((own ?? null) === placement.jurisdiction) return;
		throw new Error(`this object is in jurisdiction ${own ?? 'none'}, and DATA_JURISDICTION says ${placement.jurisdiction ?? 'none'}`);
	};
	return {
		idFromName(name) {
			check();
			return placed.idFromName(name);
		},
		idFromString(id) {
			check();
			return placed.idFromString(id);
		},
		get(id) {
			check();
			return placed.get(id);
		},
	};
}

/**
 * What is wrong where the data are in another jurisdiction than the settings say; null where nothing is.
 * @param known where the data are; `nobody-knows` before the first record was saved
 */
export function findMisplacement(known: string | null | 'nobody-knows', { jurisdiction }: ObjectPlacement): string | null {
	// What cannot be used is reported with the other settings.
	if (known === 'nobody-knows' || known === jurisdiction || jurisdiction === 'unusable') return null;
	const [is, says] = [known ?? 'none', jurisdiction ?? 'none'];
	return `The data are in jurisdiction ${is}, and DATA_JURISDICTION says ${says}: set it back. Clients are answered from copies; the admin answers 503. docs/operate.md says how data are moved.`;
}
