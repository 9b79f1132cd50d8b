/** Asks the operator on a terminal. The library for that is loaded only where there is a terminal. */
import { parseDomain } from '../../model/names.ts';
import type { RecordChoices } from './propose-record.ts';

/** The choices as the operator confirmed or changed them; null where the operator cancels. */
export async function promptChoices(proposal: RecordChoices): Promise<RecordChoices | null> {
	const { confirm, isCancel, select, text } = await import('@clack/prompts');

	const line = async (message: string, initialValue: string, optional: boolean): Promise<string | null | symbol> => {
		const answer = await text({
			message,
			initialValue,
			validate: (value) => (value === undefined || value.trim() === '' ? (optional ? undefined : 'This one is needed.') : undefined),
		});
		return isCancel(answer) ? answer : answer.trim();
	};
	const host = async (message: string, proposed: string | null): Promise<string | null | symbol> => {
		const answer = await text({
			message: `${message} (empty for none)`,
			initialValue: proposed ?? '',
			validate: (value) =>
				value === undefined || value.trim() === '' || parseDomain(value.trim()) !== null
					? undefined
					: 'Not a host name, such as mail.example.org.',
		});
		if (isCancel(answer)) return answer;
		return answer.trim() === '' ? null : answer.trim();
	};

	const name = await line('What do users call your mail service?', proposal.name, false);
	if (typeof name !== 'string') return null;
	const imap = await host('IMAP server', proposal.imap);
	if (typeof imap === 'symbol') return null;
	const submission = await host('Server that takes mail from users', proposal.submission);
	if (typeof submission === 'symbol') return null;
	const pop3 = await host('POP3 server', proposal.pop3);
	if (typeof pop3 === 'symbol') return null;
	const sieve = await host('ManageSieve server', proposal.sieve);
	if (typeof sieve === 'symbol') return null;
	const login = await select({
		message: 'What do users log in with?',
		options: [
			{ value: '%EMAILADDRESS%', label: `the whole address, as in alice@${proposal.domain}` },
			{ value: '%EMAILLOCALPART%', label: 'the part before the @, as in alice' },
		],
		initialValue: proposal.login ?? '%EMAILADDRESS%',
	});
	if (typeof login === 'symbol') return null;
	const good = await confirm({ message: 'Write the record?' });
	if (good !== true) return null;
	return { ...proposal, name, imap, submission, pop3, sieve, login: login === '%EMAILADDRESS%' ? null : login };
}
