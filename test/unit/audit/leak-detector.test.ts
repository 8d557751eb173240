import { describe, expect, test } from 'vitest';
import { createLeakDetector } from '../../../cli/audit/leak-detector.ts';
import { ANONYMOUS } from '../../../cli/audit/read-personas.ts';
import type { Answer, Persona } from '../../../cli/audit/types.ts';

const person = (name: string, changes: Partial<Persona> = {}): Persona => ({
  ...ANONYMOUS,
  name,
  kind: 'user',
  credential: { authorization: `Bearer token-of-${name}-with-some-length` },
  ...changes,
});
const alice = person('alice', { markers: ['Zoë "Z" <O’Hara>'], groups: new Map([['*', 'acme']]) });
const bob = person('bob', { markers: ['canary-bob'], groups: new Map([['team', 'acme']]) });
const carol = person('carol', { credential: { cookie: 'theme=dark; session=cookie-of-carol' } });

const answer = (text: string, headers: Record<string, string> = {}, setCookies: string[] = []): Answer => ({
  status: 200,
  headers: new Map(Object.entries(headers)),
  setCookies,
  text,
  bodyBytes: text.length,
});

function seenBy(viewer: Persona, given: Answer, alsoAs: Persona[] = []) {
  const groupMarkers = new Map([['acme', ['canary-acme']]]);
  const leakDetector = createLeakDetector({
    anonymous: ANONYMOUS,
    users: [alice, bob, carol],
    editor: ANONYMOUS,
    groupMarkers,
  });
  leakDetector.examine(viewer, given, 'GET /x', alsoAs);
  return leakDetector.takeSightings().map(({ owner, what }) => `${owner}: ${what}`);
}

describe('the leak detector', () => {
  test.each([
    ['as it is', 'Zoë "Z" <O’Hara>'],
    ['as JSON', JSON.stringify({ name: 'Zoë "Z" <O’Hara>' })],
    ['as JSON in ASCII', '"Zo\\u00eb \\"Z\\" <O\\u2019Hara>"'],
    ['as HTML', '<b>Zoë &quot;Z&quot; &lt;O’Hara&gt;</b>'],
    ['in a URL', `/search?name=${encodeURIComponent('Zoë "Z" <O’Hara>')}`],
  ])('knows a marker %s', (_how, text) => {
    expect(seenBy(bob, answer(text))).toEqual(['alice: marker 1 of alice in the body']);
    expect(seenBy(alice, answer(text))).toEqual([]);
  });

  test('looks into headers and cookies', () => {
    expect(seenBy(alice, answer('', { 'x-user': 'canary-bob' }))).toEqual([
      'bob: marker 1 of bob in the header x-user',
    ]);
    expect(seenBy(ANONYMOUS, answer('', {}, ['who=canary-bob']))).toEqual([
      'bob: marker 1 of bob in the header set-cookie',
    ]);
  });

  test('what belongs to a group may be seen by its members alone', () => {
    expect(seenBy(alice, answer('canary-acme'))).toEqual([]);
    expect(seenBy(bob, answer('canary-acme'))).toEqual([]);
    expect(seenBy(carol, answer('canary-acme'))).toEqual([
      'group acme: marker 1 of the group acme in the body',
    ]);
    // A member's own marker is theirs, inside of the group too.
    expect(seenBy(alice, answer('canary-bob'))).toHaveLength(1);
  });

  test('a credential is a marker; a short cookie beside it is none', () => {
    expect(seenBy(alice, answer('your token: token-of-bob-with-some-length'))).toEqual([
      'bob: the credential of bob in the body',
    ]);
    expect(seenBy(alice, answer('session cookie-of-carol, a dark theme'))).toEqual([
      'carol: the credential of carol in the body',
    ]);
    expect(seenBy(alice, answer('a dark theme'))).toEqual([]);
  });

  test('whoever sent two credentials may see either page', () => {
    expect(seenBy(alice, answer('canary-bob'), [bob])).toEqual([]);
  });

  test('surrogate keys and other internal fields are noted', () => {
    const leakDetector = createLeakDetector({
      anonymous: ANONYMOUS,
      users: [],
      editor: ANONYMOUS,
      groupMarkers: new Map(),
    });
    leakDetector.examine(ANONYMOUS, answer('', { 'surrogate-key': 'user:42', etag: '"x"' }), 'GET /x', []);
    expect(leakDetector.takeInternalFields()).toEqual(['surrogate-key in the answer to GET /x']);
  });
});
