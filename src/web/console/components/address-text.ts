/** The text of a search field whose value is in the address bar. */
import { useLayoutEffect, useState } from 'preact/hooks';

/**
 * What is typed, until it is in the address; and what the address has, once that changes: the browser's Back button changes it too.
 * @param inAddress the value that the page shows results for
 */
export function useAddressText(inAddress: string): readonly [typed: string, setTyped: (text: string) => void] {
	const [typed, setTyped] = useState(inAddress);
	useLayoutEffect(() => setTyped(inAddress), [inAddress]);
	return [typed, setTyped];
}
