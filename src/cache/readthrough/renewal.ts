import type { NamedFields } from '../../http/fields.ts';

/** The conditions that the platform puts on a request where there is something to renew. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export function validatorsOf(request: NamedFields): Validators | null {
  const etag = request.get('if-none-match');
  const lastModified = request.get('if-modified-since');
  return etag === null && lastModified === null ? null : { etag, lastModified };
}

/** A 304 has become the stored response by now, with the headers of both. A 200 that is the same is none the worse for being taken for one. */
export function isRenewal(validators: Validators | null, headers: NamedFields): boolean {
  if (validators === null) return false;
  const { etag, lastModified } = validators;
  return etag === null ? headers.get('last-modified') === lastModified : headers.get('etag') === etag;
}
