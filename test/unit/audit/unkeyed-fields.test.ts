import { expect, it } from 'vitest';
import { laneChecks } from '../../../cli/audit/lane-checks.ts';
import type { Answer, AuditContext, Persona, Reading, Target } from '../../../cli/audit/types.ts';
import { policy } from '../support/pipeline.ts';

const route = [...policy.routes].find(({ name }) => name === 'assets') as Target['route'];
const target: Target = { path: '/assets/a.css', route, kind: 'public', canBeFresh: false };
const persona = { name: 'anonymous', kind: 'anonymous', credential: {} } as unknown as Persona;
const answer = (vary: string): Answer => ({
  status: 200,
  headers: new Map([['vary', vary]]),
  setCookies: [],
  text: '',
  bodyBytes: 0,
});
const checksOf = (vary: string, reading: Partial<Reading>) =>
  laneChecks({} as AuditContext, target, {
    persona,
    expected: { lane: 'public', authenticated: false },
    answers: [answer(vary)],
    readings: [{ state: 'MISS', lane: 'public', stored: false, ttlSeconds: null, detail: null, ...reading }],
  });

it('tells which field of Vary is missing in the policy, and calls no lane broken for it', () => {
  const passed = checksOf('X-Inertia, Accept-Encoding', {
    state: 'BYPASS',
    lane: 'pass',
    detail: 'vary-unkeyed',
  });
  expect(passed.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['lane', 'unproven'],
    ['unkeyed-vary', 'unproven'],
  ]);
  expect(passed[1]?.evidence.join()).toContain('Vary names x-inertia:');
  expect(checksOf('Accept-Language', {}).find(({ id }) => id === 'unkeyed-vary')?.verdict).toBe('unproven');
  expect(checksOf('Accept-Encoding, Cookie', {}).find(({ id }) => id === 'unkeyed-vary')?.verdict).toBe(
    'kept',
  );
});
