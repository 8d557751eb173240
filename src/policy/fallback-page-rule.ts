import * as v from 'valibot';
import { normalPath } from '../paths/normal-path.ts';
import { has, matching, object, oneOf, text } from './settings.ts';

/**
 * - `{ html: '<!doctype html>…' }`: the page itself, part of the build.
 * - `{ path: '/sorry.html' }`: a public page of an origin, taken from the edge cache where it is there. Serve it from
 *   another origin within 2 s, with a long `s-maxage` and `staleIfErrorSeconds`, and request it once after each purge.
 *
 * It goes only to browsers and not to editors, with the status of the failure.
 */
export type FallbackPageInput = { readonly html: string } | { readonly path: string };

export type FallbackPage =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'path'; readonly path: string };

export const fallbackPage = oneOf(
  'Expected { html } or { path }, such as { path: "/sorry.html" }; a route may say false.',
  [has('html'), object({ html: v.pipe(text, v.maxLength(65_536, 'The page has at most 64 KiB.')) })],
  [
    has('path'),
    object({ path: matching(/^\/[A-Za-z0-9._~/-]*$/, 'Expected a plain path, such as "/sorry.html".') }),
  ],
);

export function compileFallbackPage(input: false | FallbackPageInput = false): FallbackPage | null {
  if (input === false) return null;
  return 'html' in input ? { kind: 'html', ...input } : { kind: 'path', path: normalPath(input.path) };
}
