import { describe, expect, test } from 'vitest';
import { copiedIn, type Round, suspects } from '../../../cli/audit/copies.ts';
import type { Answer } from '../../../cli/audit/types.ts';

function answer(text: string, headers: Record<string, string> = {}, status = 200): Answer {
  return { status, headers: new Map(Object.entries(headers)), setCookies: [], text, bodyBytes: text.length };
}

/** Owner, owner elsewhere, viewer: a digit is a rendering. */
function round(renderings: string, headers: string = renderings): Round {
  const [own, ownElsewhere, others] = [0, 1, 2].map((i) =>
    answer(`page rendering ${renderings[i]}`, { 'x-request-id': `request-${headers[i]}` }),
  ) as [Answer, Answer, Answer];
  return { own, ownElsewhere, others };
}

describe('a copy', () => {
  test.each([
    ['the earlier rendering comes back', '121', ['body', 'x-request-id']],
    ['each gets their own', '123', []],
    ['the page never changes', '111', []],
    ['the page has changed in between, for all', '122', []],
  ])('%s: %s', (_what, renderings, found) => {
    expect(suspects(round(renderings))).toEqual(found);
  });

  test('a header alone can be one', () => {
    expect(suspects(round('123', '121'))).toEqual(['x-request-id']);
  });

  test('what a server says of itself, and short values, tell of nobody', () => {
    const make = (value: string) =>
      answer('same', { date: value, age: value, 'x-served-by': value, 'x-node': value.slice(0, 5) });
    expect(
      suspects({ own: make('node-aaaaaa'), ownElsewhere: make('other-bbbbb'), others: make('node-aaaaaa') }),
    ).toEqual([]);
  });

  test('the query that was made up for the audit is no change', () => {
    const at = (nonce: string) => answer(`you asked for /x?claimcache_audit=${nonce.repeat(18)}`);
    expect(suspects({ own: at('a'), ownElsewhere: at('b'), others: at('a') })).toEqual([]);
  });

  test('it is reported when it is seen three times, with something new each time', () => {
    expect(copiedIn([round('121'), round('343')])).toEqual([]);
    expect(copiedIn([round('121'), round('343'), round('565')])).toEqual(['body', 'x-request-id']);
    expect(copiedIn([round('121'), round('343'), round('567')])).toEqual([]);
  });

  test('one of two banners that comes by chance is none', () => {
    expect(copiedIn([round('121'), round('121'), round('212')])).toEqual([]);
  });

  test('an error page is no page of anybody', () => {
    const [first, second] = [answer('error number 1', {}, 500), answer('error number 2', {}, 500)];
    expect(suspects({ own: first, ownElsewhere: second, others: first })).toEqual([]);
  });
});
