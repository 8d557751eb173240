import { expect, it } from 'vitest';
import { edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { renderOf, SENSITIVE_PATH } from './support/pages.ts';
import { expectPageOf, logIn, PEOPLE } from './support/people.ts';

it.each(PEOPLE)(
  'the payment methods of $name are never stored, neither at the edge nor in a browser',
  async (person) => {
    const target = unseen(SENSITIVE_PATH);
    const token = await logIn(person);
    const answers = await expectOriginRequests(3, async () => [
      await edgeAs(token, target),
      await edgeAs(token, target),
      await edgeAs(token, target),
    ]);
    for (const answer of answers) {
      expect(answer.cache).toBe('BYPASS');
      expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
      expectPageOf(person, answer);
    }
    expect(new Set(answers.map(renderOf)).size).toBe(3);
  },
);

it.each(['no-store', 'set-cookie', 'no-freshness', 'error-500'])(
  'a personal response in the way of %s is never stored',
  async (mode) => {
    const target = unseen(`/api/lab/${mode}`);
    const [person] = PEOPLE;
    const token = await logIn(person as (typeof PEOPLE)[number]);
    const answers = await expectOriginRequests(2, async () => [
      await edgeAs(token, target),
      await edgeAs(token, target),
    ]);
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'MISS']);
    expect(new Set(answers.map(renderOf)).size).toBe(2);
  },
);
