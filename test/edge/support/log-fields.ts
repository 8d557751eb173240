import { expect } from 'vitest';
import type { LogRecord } from '../../../src/log/log-record.ts';

/** Every field of a line of the log, and what may stand there. */
export const FIELDS = {
  v: 1,
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
  method: expect.stringMatching(/^[A-Z]+$/),
  route: expect.toBeOneOf([expect.stringMatching(/^[a-z_]+$/), null]),
  lane: expect.toBeOneOf(['pass', 'public', 'scoped', 'reject', 'operator']),
  state: expect.toBeOneOf(['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR']),
  reason: expect.stringMatching(/^[a-z-]+$/),
  detail: expect.stringMatching(/^[a-z-]*$/),
  status: expect.any(Number),
  code: expect.toBeOneOf([expect.stringMatching(/^ERR_[A-Z_]+$/), null]),
  cause: expect.toBeOneOf([expect.any(String), null]),
  ttlSeconds: expect.toBeOneOf([expect.any(Number), null]),
  ageSeconds: expect.toBeOneOf([expect.any(Number), null]),
  originMs: expect.toBeOneOf([expect.any(Number), null]),
  verifyMs: expect.toBeOneOf([expect.any(Number), null]),
  vcpuMs: expect.toBeOneOf([expect.any(Number), null]),
  totalMs: expect.any(Number),
  provider: expect.toBeOneOf(['app', 'partner', null]),
  algorithm: expect.toBeOneOf(['HS256', 'RS256', null]),
  fingerprint: expect.toBeOneOf([expect.stringMatching(/^[\w-]{22}$/), null]),
  engine: expect.toBeOneOf(['native', 'core', 'none']),
  purged: expect.any(Number),
  notes: expect.any(Array),
  strippedCookies: expect.any(Array),
  observed: null,
  tier: 'edge',
  shield: null,
} satisfies Record<keyof LogRecord, unknown>;
