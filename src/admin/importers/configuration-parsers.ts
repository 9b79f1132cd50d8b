/** The parser of each program's files. */
import type { ConfigurationFormatName } from '../../contract/imports/configuration-formats.ts';
import { parseAutomx3 } from './automx3-importer.ts';
import { parseEnvironment } from './environment-importer.ts';
import type { ConfigurationParser } from './imported-configuration.ts';
import { parseMailInABox } from './mail-in-a-box-importer.ts';
import { parseMailcow } from './mailcow-importer.ts';
import { parseMox } from './mox-importer.ts';
import { parseStalwart } from './stalwart-importer.ts';

/** An answer of Autodiscover is no program's file: it has a parser of its own. */
export const CONFIGURATION_PARSERS: Readonly<Record<Exclude<ConfigurationFormatName, 'autodiscover'>, ConfigurationParser>> = {
	automx3: parseAutomx3,
	environment: parseEnvironment,
	mailcow: parseMailcow,
	'mail-in-a-box': parseMailInABox,
	stalwart: parseStalwart,
	mox: parseMox,
};
