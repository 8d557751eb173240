import type { Test } from './conditions.ts';
import type { VclFacts } from './facts.ts';

export function hash(what: string, line: number, tests: readonly Test[], facts: VclFacts): boolean {
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

export function query(
  said: string,
  text: string,
  tests: readonly Test[],
  line: number,
  facts: VclFacts,
): boolean {
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
