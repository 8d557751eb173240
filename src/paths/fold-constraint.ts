/** One piece of a constraint whose outcome does not depend on how a path is spelt. */
const ATOM =
  /^(?:\.[+*]\??|\\[dw]|\\[-.]|\[(?:\\[dw-]|[\w.~,-])+\]|[\w.~,|()-]|\(\?:|[+*?]|\{\d+(?:,\d*)?\})/;

/**
 * The constraint of a parameter, as `([A-Z0-9]+)`, for folded text: in lower case. null: what it compares is more than
 * letters, digits and a few signs, and the folded pattern does without it.
 */
export function foldConstraint(constraint: string): string | null {
  let folded = '';
  for (let rest = constraint; rest !== ''; ) {
    const atom = ATOM.exec(rest)?.[0];
    if (atom === undefined || (atom === '.' && folded !== constraint)) return null;
    rest = rest.slice(atom.length);
    folded += atom.startsWith('[') ? foldClass(atom) : atom.startsWith('\\') ? atom : atom.toLowerCase();
  }
  return folded;
}

/** Both cases, as the letters of a range fold. */
function foldClass(atom: string): string {
  const inner = atom.slice(1, -1);
  let more = '';
  for (const [, from = '', to = ''] of inner.matchAll(/([\w.~,])-([\w.~,])/g)) {
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
      const char = String.fromCharCode(code);
      if (/[A-Z]/.test(char)) more += char.toLowerCase();
    }
  }
  for (const char of inner.replace(/\\./g, '')) if (/[A-Z]/.test(char)) more += char.toLowerCase();
  return `[${more}${inner}]`;
}
