import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Answer, type SendOptions, send } from '../../support/send.ts';

/** Asks the service under test. */
export function edge(target: string, options: SendOptions = {}): Promise<Answer> {
  return send(inject('edgeUrl'), target, options);
}

/** The same, with a token in `Authorization`. */
export function edgeAs(token: string, target: string, options: SendOptions = {}): Promise<Answer> {
  return edge(target, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } });
}

/** A target that no cache has seen: every parameter is part of the key. */
export function unseen(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}unseen=${randomUUID()}`;
}
