import { expect } from 'vitest';
import type { Answer } from '../../support/send.ts';
import { edge, edgeAs } from './edge.ts';

/** Fills an entry, and makes sure that it is there; returns the page. A token of null: the anonymous one. */
export async function warm(token: string | null, target: string): Promise<Answer> {
  const ask = () => (token === null ? edge(target) : edgeAs(token, target));
  await ask();
  const page = await ask();
  expect(page.cache, `the second GET of ${target}`).toBe('HIT');
  return page;
}
