/** The mail clients whose discovery `signpost trace` can follow, one file each in `clients/`. */

import { aerc } from './clients/aerc.ts';
import { clawsMail } from './clients/claws-mail.ts';
import { deltaChat } from './clients/delta-chat.ts';
import { evolution } from './clients/evolution.ts';
import { fairemail } from './clients/fairemail.ts';
import { geary } from './clients/geary.ts';
import { ios } from './clients/ios.ts';
import { kmail } from './clients/kmail.ts';
import { mailspring } from './clients/mailspring.ts';
import { nextcloud } from './clients/nextcloud.ts';
import { outlook } from './clients/outlook.ts';
import { pacc } from './clients/pacc.ts';
import { thunderbird } from './clients/thunderbird.ts';
import { thunderbirdAndroid } from './clients/thunderbird-android.ts';
import type { MailClient } from './discovery.ts';

export const MAIL_CLIENTS = {
	thunderbird,
	'thunderbird-android': thunderbirdAndroid,
	outlook,
	ios,
	evolution,
	fairemail,
	'delta-chat': deltaChat,
	kmail,
	geary,
	nextcloud,
	mailspring,
	aerc,
	'claws-mail': clawsMail,
	pacc,
} as const satisfies Record<string, MailClient>;

export type MailClientName = keyof typeof MAIL_CLIENTS;
export const MAIL_CLIENT_NAMES = Object.keys(MAIL_CLIENTS) as readonly MailClientName[];
