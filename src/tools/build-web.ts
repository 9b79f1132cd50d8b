/** `npm run build:web`. Wrangler runs it before it serves or deploys (wrangler.toml, [build]). */
import { buildWeb } from './web-assets.ts';

await buildWeb();
