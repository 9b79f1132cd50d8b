/** A problem of the service, as `GET /health` lists it for monitors and for the console. */
export interface HealthProblem {
	/** `error`: something does not work now, and `/health` answers 503. `warning`: something will not work later, or works in part. */
	readonly severity: 'error' | 'warning';
	/** A stable code, for the rules of a monitor. */
	readonly code: string;
	/** A sentence for the operator. `/health` is public: never a secret, and never the value of a setting. */
	readonly text: string;
	/** The mail domain that it concerns; absent where it concerns the whole service. */
	readonly domain?: string;
}
