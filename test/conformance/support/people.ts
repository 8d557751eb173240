import { expect } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../../site/people.ts';
import type { Answer } from '../../support/send.ts';
import { origin } from './origin.ts';

export { canaryOf, PEOPLE, type Person };

const [alice, bob, carol] = PEOPLE as [Person, Person, Person];

/** Alice and Bob are of one tenant, Carol is of another. */
export { alice, bob, carol };

export interface LogInOptions {
  readonly provider?: 'app' | 'partner';
  readonly expiresInSeconds?: number;
}

/** A new token from the origin, as a login there gives it. */
export async function logIn({ name }: Person, options: LogInOptions = {}): Promise<string> {
  const answer = await origin('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: name, ...options }),
  });
  expect(answer.status, 'POST /login').toBe(200);
  return answer.json<{ token: string }>().token;
}

/** Expects a page that was rendered for this person and holds nothing of anybody else's. */
export function expectPageOf(person: Person, answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(canaryOf(person));
  expectNothingOf(
    PEOPLE.filter((other) => other !== person),
    answer,
  );
}

/** Expects that neither body nor headers hold a trace of these people. */
export function expectNothingOf(people: readonly Person[], { text, headers }: Answer): void {
  const everything = `${JSON.stringify(headers)}${text}`;
  for (const person of people) expect(everything).not.toContain(canaryOf(person));
}
