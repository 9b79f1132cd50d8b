/** The embedded counter over the storage of its Durable Object; loaded when it is called. */
import { UsageKeeper } from '../../store/objects/usage-keeper.ts';
import { settings } from '../worker-settings.ts';
import { objectPlatform } from './object-platform.ts';

export function createUsageKeeper(ctx: DurableObjectState): UsageKeeper {
	return new UsageKeeper(objectPlatform(ctx.storage), settings.keeperLimits);
}
