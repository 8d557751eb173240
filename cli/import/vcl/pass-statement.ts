import type { Test } from './conditions.ts';
import type { Phase, VclFacts } from './facts.ts';
import type { Statement } from './statements.ts';

export function pass(
  { line, text }: Statement,
  tests: readonly Test[],
  phase: Phase,
  facts: VclFacts,
): boolean {
  const done = (what: string) => {
    facts.notes.push({ kind: 'done', line, text: what });
    return true;
  };
  const kinds = new Set(tests.map(({ kind }) => kind));
  const isAlone = (...wanted: Test['kind'][]) => [...kinds].every((kind) => wanted.includes(kind));
  if (tests.length === 0) {
    facts.decided.push({ glob: '*', line, isPass: true });
    return done('everything from here passes.');
  }
  if (phase === 'response' && isAlone('set-cookie', 'fresh', 'status'))
    return done(
      'an answer with Set-Cookie, an error, or one that forbids it is never kept: without a setting.',
    );
  if (isAlone('method')) return done('what is neither GET nor HEAD passes: without a setting.');
  // Whoever has to meet several tests passes here with one of them: more passes, never less.
  const more = tests.length > 1 ? ' More passes than before: one of its tests is enough.' : '';
  const path = tests.find((test) => test.kind === 'path' && !test.isNegated);
  if (path?.kind === 'path') {
    facts.decided.push(...path.globs.map((glob) => ({ glob, line, isPass: true })));
    facts.notes.push({
      kind: more === '' && path.isExact ? 'done' : 'changed',
      line,
      text: `${path.text}: ${path.globs.join(', ')} passes.${more}${path.isExact ? '' : ' It is more than the expression meant.'}`,
    });
    return true;
  }
  const cookie = tests.find((test) => test.kind === 'cookie' && !test.isNegated);
  if (cookie?.kind === 'cookie') {
    if (cookie.names === null) facts.hasAnyCookie = true;
    else for (const name of cookie.names) facts.cookies.add(name);
    facts.notes.push({
      kind: more === '' ? 'done' : 'changed',
      line,
      text:
        cookie.names === null
          ? 'whoever sends a cookie passes: the fallback decides.'
          : `a cookie ${cookie.names.join(', ')} passes: cms.cookies.${more}`,
    });
    return true;
  }
  if (kinds.has('authorization') && tests.some((test) => test.kind === 'authorization' && !test.isNegated))
    return done('Authorization that no scope claims passes: without a setting.');
  const others = tests.find((test) => test.kind === 'path' && test.isNegated);
  if (others?.kind === 'path' && tests.length === 1 && others.isExact) {
    facts.decided.push(...others.globs.map((glob) => ({ glob, line, isPass: false })), {
      glob: '*',
      line,
      isPass: true,
    });
    return done(`everything but ${others.globs.join(', ')} passes.`);
  }
  if (tests.some(({ kind, isNegated }) => kind === 'query' && !isNegated)) {
    facts.notes.push({
      kind: 'changed',
      line,
      text: `${text} where ${tests
        .map((test) => test.text)
        .join(' && ')
        .slice(
          0,
          160,
        )}: no pattern sees the query. Whoever has no cookie of cms.cookies gets what is kept for that very query.`,
    });
    return true;
  }
  const header = tests.find((test) => test.kind === 'header');
  if (
    header?.kind === 'header' &&
    !facts.assigned.has(header.name) &&
    /^[a-z0-9-]{1,60}$/.test(header.name) &&
    !/^(?:cookie|authorization|host|range|x-forwarded.*)$/.test(header.name)
  ) {
    facts.vary.add(header.name);
    facts.notes.push({
      kind: 'changed',
      line,
      text: `${header.text}: did pass; now ${header.name} is part of the key (vary), so that each of its values has an entry of its own.`,
    });
    return true;
  }
  facts.uncertain ??= line;
  facts.notes.push({
    kind: 'not-carried',
    line,
    text: `${text} where ${tests
      .map((test) => test.text)
      .join(' && ')
      .slice(
        0,
        200,
      )}: no policy can tell that, so that nothing is kept at all. Take it out of the VCL if it is of no use, and import again.`,
  });
  return true;
}
