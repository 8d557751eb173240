import { expect, it } from 'vitest';
import { withoutSecrets } from '../../conformance/support/without-secrets.ts';

const named = { EDGE: ['https://a.example', 'a.example'], SECRET: ['operator-token', ''] };

it('what stands in a report has names in the place of hosts and secrets, and no token', () => {
  const text =
    'GET https://a.example/x as eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.abc-_1 with operator-token, a.example; eyJhbGciOi';
  expect(withoutSecrets(text, named)).toBe('GET <EDGE>/x as <token> with <SECRET>, <EDGE>; <token>');
});

it('a secret that is not set takes nothing out', () => {
  expect(withoutSecrets('as it was', { SECRET: [''] })).toBe('as it was');
});
