/** The settings of this Worker, parsed when an isolate starts. */
import { env } from 'cloudflare:workers';
import { parseSettings } from './settings.ts';

export const { settings, problems: settingsProblems } = parseSettings(env);
