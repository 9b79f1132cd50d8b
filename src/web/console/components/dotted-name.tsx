/** A host name, or a URL with one, that is broken at its dots and slashes where it is too long for its line. */
export function DottedName({ text }: { readonly text: string }) {
	return (
		<>
			{text.split(/(?<=[./])/).map((part, at) => (
				<>
					{at === 0 ? null : <wbr />}
					{part}
				</>
			))}
		</>
	);
}
