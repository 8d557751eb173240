import type { BodyPath } from '../../policy/purge-hooks/purge-rule.ts';

const INDEX = /^(?:0|[1-9]\d{0,5})$/;

/**
 * The values that a path leads to in a body, own members only; `*` takes every member of an array, and an array at the end is all of its
 * members. Nothing where it leads nowhere, to null or to an empty text.
 *
 * @param atMost - The rest is not looked at.
 */
export function valuesAt(body: unknown, path: BodyPath, atMost: number): readonly unknown[] {
  const found: unknown[] = [];
  collect(body, path, 0, atMost, found);
  return found;
}

/** It goes as deep as the path is long, however deep the body is. */
function collect(value: unknown, path: BodyPath, at: number, atMost: number, found: unknown[]): void {
  if (found.length >= atMost || value === null || value === undefined || value === '') return;
  const name = path[at];
  if (name === undefined) {
    if (!Array.isArray(value)) found.push(value);
    else for (const member of value) collectMember(member, atMost, found);
  } else if (Array.isArray(value)) {
    if (name === '*') for (const member of value) collect(member, path, at + 1, atMost, found);
    else if (INDEX.test(name)) collect(value[Number(name)], path, at + 1, atMost, found);
  } else if (typeof value === 'object' && Object.hasOwn(value, name)) {
    collect((value as Record<string, unknown>)[name], path, at + 1, atMost, found);
  }
}

function collectMember(member: unknown, atMost: number, found: unknown[]): void {
  if (found.length < atMost && member !== null && member !== '') found.push(member);
}
