import { type ObjectNamespace, type PlatformNamespace, placeObjectsOf } from '../object-placement.ts';
import { settings } from '../worker-settings.ts';

/** The objects of a binding that an object may call. */
export function placedFor<Port>({ id }: DurableObjectState, namespace: PlatformNamespace<Port>): ObjectNamespace<Port> {
	return placeObjectsOf(id.jurisdiction, namespace, settings.placement);
}
