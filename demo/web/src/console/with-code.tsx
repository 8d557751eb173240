/** A sentence in which what stands between backquotes is code. */
export function WithCode({ text }: { readonly text: string }) {
  return text.split('`').map((part, i) => {
    // The parts of one text never change places.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    return i % 2 === 1 ? <code key={i}>{part}</code> : part;
  });
}
