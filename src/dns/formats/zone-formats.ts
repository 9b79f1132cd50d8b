import { bind } from './bind.ts';
import { cloudflare, terraform } from './cloudflare.ts';
import { dnscontrol } from './dnscontrol.ts';
import { octodns } from './octodns.ts';
import { powerdns } from './powerdns.ts';
import { route53 } from './route53.ts';
import { table } from './table.ts';
import type { ZoneFormat } from './zone-format.ts';

/** All formats in which records can be printed. */
export const ZONE_FORMATS = { bind, cloudflare, terraform, route53, octodns, dnscontrol, powerdns, table } as const satisfies Record<
	string,
	ZoneFormat
>;

export type ZoneFormatName = keyof typeof ZONE_FORMATS;
export const ZONE_FORMAT_NAMES = Object.keys(ZONE_FORMATS) as readonly ZoneFormatName[];
