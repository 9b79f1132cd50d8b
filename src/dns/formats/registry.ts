import { bind } from './bind.ts';
import { cloudflare, terraform } from './cloudflare.ts';
import { dnscontrol } from './dnscontrol.ts';
import type { Format } from './format.ts';
import { octodns } from './octodns.ts';
import { powerdns } from './powerdns.ts';
import { route53 } from './route53.ts';
import { table } from './table.ts';

/** Every format that records can be printed in. */
export const FORMATS = { bind, cloudflare, terraform, route53, octodns, dnscontrol, powerdns, table } as const satisfies Record<
	string,
	Format
>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];
