import { DAY_SECONDS } from '../time.ts';

/**
 * The value of Strict-Transport-Security on the service's own hosts, where people log in: browsers then ask over https alone for a year.
 * Without the names below the host, which may not be the service's. Never sent on a customer's host, whose owner has not asked for it.
 */
export const STRICT_TRANSPORT_SECURITY = `max-age=${365 * DAY_SECONDS}`;
