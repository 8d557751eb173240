import { MOST_SECONDS } from '../source-tree.ts';
import type { Test } from './conditions.ts';
import type { Phase, VclFacts } from './facts.ts';
import type { Statement } from './statements.ts';

/**
 * Takes one statement into the facts, under the tests that all hold where it stands.
 *
 * @param siblings - The block that it stands in: a removal of cookies right before a `return` ends there.
 * @returns Whether it was understood; else it is quoted.
 */
export function readSimple(
  statement: Statement,
  tests: readonly Test[],
  phase: Phase,
  siblings: readonly Statement[],
  facts: VclFacts,
): boolean {
  const { text, line } = statement;
  if (/^return\s*\(\s*(?:pass|pipe|hit_for_pass)\s*\)|^set beresp\.uncacheable = true/i.test(text))
    return pass(statement, tests, phase, facts);
  if (/^(?:unset|remove)\s+(?:be)?req\.http\.cookie\s*;/i.test(text))
    return strip(statement, tests, siblings, facts);
  if (/^return\s*\(\s*(?:lookup|hash)\s*\)/i.test(text) && tests.length > 0)
    return lookUp(statement, tests, siblings, facts);
  if (/^(?:unset|remove)\s+beresp\.http\.set-cookie\s*;/i.test(text)) {
    const globs = globsOf(tests);
    if (globs === null) return false;
    facts.stripSetCookie.push(...globs.map((glob) => ({ glob, line })));
    return true;
  }
  if (/^(?:error|return\s*\(\s*synth|return\s*\(\s*error)/i.test(text))
    return refusal(statement, tests, facts);
  const lifetime =
    /^set beresp\.(ttl|grace|stale_while_revalidate|stale_if_error|keep) = ([\d.]+)(ms|s|m|h|d|w|y)\b/i.exec(
      text,
    );
  if (lifetime !== null) return readLifetime(lifetime, tests, line, facts);
  const hashed =
    /^(?:hash_data\s*\(|set req\.hash \+?= ?)(?:req\.hash \+ )?(?:be)?req\.(url|http\.[\w-]+|hash)(?::[\w.-]+)?/i.exec(
      text,
    );
  if (hashed !== null) return hash(hashed[1]?.toLowerCase() ?? '', line, tests, facts);
  const filter =
    /querystring\.(?:regfilter|filter|globfilter)\(\s*req\.url(?:\.qs)?\s*,\s*"([^"]{1,300})"/i.exec(text) ??
    /querystring\.(remove)\(\s*req\.url/i.exec(text);
  if (filter !== null && /^set req\.url/.test(text)) return query(filter[1] ?? '', text, tests, line, facts);
  const backend = /^set req\.backend(?:_hint)? = ([\w.]+)/i.exec(text);
  if (backend !== null) return chooseBackend(backend[1] ?? '', tests, line, facts);
  if (/^set req\.http\.cookie = regsub(?:all)?\(/i.test(text)) {
    facts.notes.push({
      kind: 'changed',
      line,
      text: `${text.slice(0, 160)}: a policy names cookies that count, by cms.cookies and credentials. Cookies of analytics never reach an origin on the public lane.`,
    });
    return true;
  }
  return false;
}

function pass({ line, text }: Statement, tests: readonly Test[], phase: Phase, facts: VclFacts): boolean {
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

function strip(
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
function lookUp(
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

function refusal({ line, text }: Statement, tests: readonly Test[], facts: VclFacts): boolean {
  if (tests.some(({ kind }) => kind === 'tls') && /\b(?:3\d\d|7\d\d|8\d\d)\b/.test(text)) {
    facts.https = true;
    facts.notes.push({ kind: 'done', line, text: 'a request without TLS is redirected: https: redirect.' });
    return true;
  }
  if (tests.some(({ kind, text: said }) => kind === 'method' && /"(?:PURGE|BAN|FASTLYPURGE)"/i.test(said))) {
    facts.notes.push({
      kind: 'changed',
      line,
      text: 'PURGE is refused here (405): POST /.edge/purge with the operator’s token, or Fastly’s API. docs/purging.md.',
    });
    return true;
  }
  if (/\b4\d\d\b/.test(text)) {
    const what = tests.map((test) => `${test.isNegated ? 'not ' : ''}${test.text}`).join(' && ');
    facts.guards.push({ text: `${text} where ${what === '' ? 'always' : what}`.slice(0, 200), line });
    return true;
  }
  return false;
}

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

function readLifetime(
  [, setting = '', amount = '', unit = '']: RegExpExecArray,
  tests: readonly Test[],
  line: number,
  facts: VclFacts,
): boolean {
  const seconds = Math.min(MOST_SECONDS, Math.floor(Number(amount) * (SECONDS[unit.toLowerCase()] ?? 1)));
  if (!Number.isFinite(seconds)) return false;
  if (setting === 'grace' || setting === 'stale_while_revalidate') {
    facts.staleSeconds ??= seconds;
    facts.notes.push({
      kind: tests.length === 0 ? 'done' : 'changed',
      line,
      text: `${setting} ${seconds} s: staleWhileRevalidateSeconds of all that is public.`,
    });
    return true;
  }
  if (setting === 'stale_if_error') {
    facts.staleIfErrorSeconds ??= seconds;
    facts.notes.push({
      kind: 'done',
      line,
      text: `stale_if_error ${seconds} s: staleIfErrorSeconds of all that is public.`,
    });
    return true;
  }
  if (setting === 'keep') return false;
  const status = tests.find((test) => test.kind === 'status' && !test.isNegated && test.status !== null);
  if (status?.kind === 'status' && status.status !== null && status.status >= 400) {
    if (seconds > 0 && status.status <= 599) facts.negative[status.status] = seconds;
    facts.notes.push({ kind: 'done', line, text: `${status.status}: ${seconds} s (negativeTtlSeconds).` });
    return true;
  }
  const globs = globsOf(tests.filter(({ kind }) => !['fresh', 'status', 'set-cookie'].includes(kind)));
  if (globs === null) return false;
  const isDefault = tests.some(({ kind }) => kind === 'fresh');
  facts.lifetimes.push(...globs.map((glob) => ({ glob, line, seconds, isDefault })));
  return true;
}

/** Where a statement holds, if it holds by path alone. */
function globsOf(tests: readonly Test[]): readonly string[] | null {
  if (tests.length === 0) return ['*'];
  const [test] = tests;
  return tests.length === 1 && test?.kind === 'path' && !test.isNegated && test.isExact ? test.globs : null;
}

function hash(what: string, line: number, tests: readonly Test[], facts: VclFacts): boolean {
  if (what === 'url' || what === 'hash' || what === 'http.host') return true;
  const name = what.replace('http.', '');
  if (name === 'cookie') {
    facts.hasAnyCookie = true;
    facts.notes.push({
      kind: 'changed',
      line,
      text: 'cookies are part of the key: a policy keeps nothing by the text of a cookie, and whoever sends one passes.',
    });
  } else if (name === 'authorization') {
    facts.isPerToken = true;
    facts.notes.push({
      kind: 'done',
      line,
      text: 'Authorization is part of the key: scope user, whose key is the verified claim.',
    });
  } else if (/^(?:host|accept-encoding|x-forwarded.*|fastly-.*)$/.test(name)) return true;
  else {
    facts.vary.add(name);
    facts.notes.push({
      kind: tests.length === 0 ? 'done' : 'changed',
      line,
      text: `${name} is part of the key: vary.`,
    });
  }
  return true;
}

function query(said: string, text: string, tests: readonly Test[], line: number, facts: VclFacts): boolean {
  if (tests.length > 0) return false;
  if (said === 'remove') {
    facts.ignoresQuery = true;
    facts.notes.push({ kind: 'done', line, text: 'the query does not count: query none.' });
    return true;
  }
  const names = /regfilter\(/.test(text)
    ? said
        .replace(/^\^?\(([^()]*)\)\$?$/, '$1')
        .split('|')
        .map((one) =>
          /^\^?[\w-]+\$?$/.test(one)
            ? `${one.startsWith('^') || /^\^\(/.test(said) ? '' : '*'}${one.replace(/[$^]/g, '')}${one.endsWith('$') ? '' : '*'}`
            : null,
        )
    : [/^[\w*-]+$/.test(said) ? said : null];
  if (names.includes(null)) return false;
  for (const name of names) if (name !== null) facts.ignoreQuery.add(name);
  facts.notes.push({ kind: 'done', line, text: `parameters ${names.join(', ')} do not count: ignoreQuery.` });
  return true;
}

function chooseBackend(name: string, tests: readonly Test[], line: number, facts: VclFacts): boolean {
  const [test] = tests;
  if (tests.length > 1) return false;
  if (test === undefined) facts.backends.push({ name, paths: [], host: null, line });
  else if (test.kind === 'path' && !test.isNegated && test.isExact)
    facts.backends.push({ name, paths: test.globs, host: null, line });
  else if (
    test.kind === 'host' &&
    !test.isNegated &&
    test.value !== null &&
    /^[a-z0-9.-]+$/i.test(test.value)
  )
    facts.backends.push({ name, paths: [], host: test.value, line });
  else return false;
  facts.notes.push({
    kind: 'done',
    line,
    text: `the backend ${name}${test === undefined ? '' : `, where ${test.text}`}.`,
  });
  return true;
}
