import { autoconfig } from './autoconfig.ts';
import { autodiscoverJson } from './autodiscover-json.ts';
import { autodiscoverXml } from './autodiscover-xml.ts';
import { mobileconfig } from './mobileconfig.ts';
import { mtaSts } from './mta-sts.ts';
import { pacc } from './pacc.ts';
import type { Protocol } from './protocol.ts';
import { srv } from './srv.ts';
import { caldav, carddav, jmap } from './well-known.ts';

/** Every protocol. A new one needs a file and a line here; failing tests then name what else it needs. */
export const PROTOCOLS: readonly Protocol[] = [
	autoconfig,
	autodiscoverXml,
	autodiscoverJson,
	mobileconfig,
	pacc,
	mtaSts,
	srv,
	caldav,
	carddav,
	jmap,
];
