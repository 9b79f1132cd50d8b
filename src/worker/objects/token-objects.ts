/** The keeper of the tokens over the storage of its Durable Object; loaded when it is called. */
import { TokenKeeper } from '../../store/objects/token-keeper.ts';
import { directoryStub } from '../stubs.ts';
import { settings } from '../worker-settings.ts';
import { objectPlatform } from './object-platform.ts';
import { placedFor } from './placed-objects.ts';

export function createTokenKeeper(ctx: DurableObjectState, env: Env): TokenKeeper {
	return new TokenKeeper(objectPlatform(ctx.storage), {
		directory: directoryStub(placedFor(ctx, env.DIRECTORY)),
		limits: settings.keeperLimits,
		newId: () => crypto.randomUUID(),
	});
}
