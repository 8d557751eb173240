import type { Test } from './conditions.ts';
import { lookUp, strip } from './cookie-statements.ts';
import type { Phase, VclFacts } from './facts.ts';
import { globsOf } from './globs-of.ts';
import { hash, query } from './key-statements.ts';
import { readLifetime } from './lifetime-statement.ts';
import { pass } from './pass-statement.ts';
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
      text: 'PURGE is refused here (405): POST /.edge/purge with the operator’s token, or Fastly’s API. docs/concepts/purging.md.',
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
