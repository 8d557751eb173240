import type { Test } from './conditions.ts';
import type { VclFacts } from './facts.ts';
import type { Statement } from './statements.ts';

export function strip(
  { line }: Statement,
  tests: readonly Test[],
  siblings: readonly Statement[],
  facts: VclFacts,
): boolean {
  const isEnd = siblings.some(({ text }) => /^return\s*\(\s*(?:lookup|hash)\s*\)/i.test(text));
  if (tests.length === 0) {
    facts.stripsAll ??= line;
    facts.notes.push({
      kind: 'done',
      line,
      text: 'cookies are removed of all that has not passed: lane public.',
    });
    return true;
  }
  const [test] = tests;
  if (tests.length === 1 && test?.kind === 'cookie' && test.isNegated && test.names !== null) {
    // What keeps its cookies is somebody's: it passes, whatever the VCL did with it then.
    for (const name of test.names) facts.cookies.add(name);
    facts.stripsAll ??= line;
    facts.notes.push({
      kind: 'done',
      line,
      text: `cookies are removed but of who has ${test.names.join(', ')}, who passes: cms.cookies; the rest is public.`,
    });
    return true;
  }
  if (tests.length !== 1 || test?.kind !== 'path' || !test.isExact) return false;
  if (test.isNegated) {
    facts.decided.push(...test.globs.map((glob) => ({ glob, line, isPass: true })));
    facts.stripsAll ??= line;
    facts.notes.push({
      kind: 'done',
      line,
      text: `cookies are removed but for ${test.globs.join(', ')}, which passes; the rest is public.`,
    });
    return true;
  }
  const found = test.globs.map((glob) => ({ glob, line }));
  if (isEnd) facts.decided.push(...found.map((one) => ({ ...one, isPass: false })));
  else facts.stripped.push(...found);
  facts.notes.push({
    kind: 'done',
    line,
    text: `${test.globs.join(', ')}: cookies are removed, lane public.`,
  });
  return true;
}

/** An end where cookies have not been removed: everybody shared what the origin made of one person's. */
export function lookUp(
  { line }: Statement,
  tests: readonly Test[],
  siblings: readonly Statement[],
  facts: VclFacts,
): boolean {
  if (siblings.some(({ text }) => /^(?:unset|remove)\s+req\.http\.cookie/i.test(text))) return true;
  const path = tests.find((test) => test.kind === 'path' && !test.isNegated);
  if (path?.kind !== 'path') return true;
  facts.decided.push(...path.globs.map((glob) => ({ glob, line, isPass: true })));
  facts.notes.push({
    kind: 'changed',
    line,
    text: `${path.text}: passes. The VCL looked it up with its cookies, which were not in the key.`,
  });
  return true;
}
