/** Where a build comes from: the repository, the commit, and the time that stands for it. */
import { spawnSync } from 'node:child_process';

export interface Provenance {
	/** Such as https://github.com/example/signpost; null where the checkout does not say. */
	readonly repository: string | null;
	/** Null outside git, and where files differ from the commit: such a build is no commit's. */
	readonly commit: string | null;
	/** Unix time in seconds: SOURCE_DATE_EPOCH, else the commit's (https://reproducible-builds.org/specs/source-date-epoch). */
	readonly builtAt: number;
}

/** @throws where SOURCE_DATE_EPOCH is no number */
export function findProvenance(root: string, env: Readonly<Record<string, string | undefined>>): Provenance {
	const git = (...args: readonly string[]) => {
		const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
		return status === 0 ? stdout.trim() : null;
	};
	const { SOURCE_DATE_EPOCH: epoch, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
	if (epoch !== undefined && !/^\d{1,11}$/.test(epoch)) throw new Error(`SOURCE_DATE_EPOCH is no number of seconds: ${epoch}`);
	const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
	return {
		repository: server !== undefined && name !== undefined ? `${server}/${name}` : publicUrl(git('remote', 'get-url', 'origin')),
		commit: isClean ? git('rev-parse', 'HEAD') : null,
		builtAt: Number(epoch ?? git('log', '-1', '--format=%ct') ?? 0),
	};
}

/** An address that others can use: no folder of this machine, and no password. */
function publicUrl(remote: string | null): string | null {
	const [, host, path] =
		/^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)([a-z0-9.-]+\.[a-z]+)[:/](.+?)(?:\.git)?\/?$/i.exec(remote ?? '') ?? [];
	return host === undefined || path === undefined ? null : `https://${host}/${path}`;
}
