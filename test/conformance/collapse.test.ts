import { expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { renderOf } from './support/pages.ts';
import { alice, bob, expectPageOf, logIn } from './support/people.ts';

const TEN = 10;

function ten(ask: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: TEN }, ask));
}

/** As a person, and as nobody. */
const lanes = [
  ['of one person', '/api/lab', () => logIn(alice)],
  ['of nobody', '/lab', async () => null],
] as const;

it.each(lanes)(
  'ten concurrent first requests %s for one key reach the origin once',
  async (_who, lab, logIn) => {
    const target = unseen(`${lab}/slow?ms=500`);
    const token = await logIn();
    const answers = await expectOriginRequests(1, () =>
      ten(() => (token === null ? edge(target) : edgeAs(token, target))),
    );
    expect(new Set(answers.map(renderOf)).size).toBe(1);
    const states = answers.map(({ cache }) => cache);
    expect(states.filter((state) => state === 'MISS')).toHaveLength(1);
    expect(states.filter((state) => state === 'HIT')).toHaveLength(TEN - 1);
  },
);

it('ten concurrent first requests of two people reach the origin once for each, and nobody waits for the other', async () => {
  const target = unseen('/api/lab/slow?ms=500');
  const tokens = [await logIn(alice), await logIn(bob)];
  let turn = 0;
  const answers = await expectOriginRequests(2, () =>
    ten(() => edgeAs(tokens[turn++ % 2] as string, target)),
  );
  for (const [i, answer] of answers.entries()) expectPageOf(i % 2 === 0 ? alice : bob, answer);
});

for (const mode of ['no-store', 'set-cookie']) {
  it.each(lanes)(
    `ten concurrent first requests %s whose response is ${mode} get ten distinct bodies`,
    async (_who, lab, logIn) => {
      const target = unseen(`${lab}/${mode}`);
      const token = await logIn();
      const answers = await expectOriginRequests(TEN, () =>
        ten(() => (token === null ? edge(target) : edgeAs(token, target))),
      );
      expect(new Set(answers.map(renderOf)).size).toBe(TEN);
      for (const answer of answers) expect(answer.cache).not.toBe('HIT');
      if (mode === 'set-cookie') {
        expect(new Set(answers.map(({ headers }) => String(headers['set-cookie']))).size).toBe(TEN);
      }
    },
  );
}
