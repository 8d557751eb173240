import type { RemoteKeysInput } from '../../policy/providers/key-source.ts';

/**
 * What every preset takes beside its own options.
 */
export interface PresetOptions {
  /** Name of the backend in fastly.toml that leads to the key server. Default: the preset's own name. */
  readonly backend?: string;
}

/** Keys of a JWKS that is reached by a backend. */
export function keysAt(jwksUrl: string, backend: string): RemoteKeysInput {
  return { jwksUrl, backend };
}

const HOST = /^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/**
 * A host name alone: `acme.eu.auth0.com`.
 *
 * @throws {TypeError} where it has a scheme, a port, a path, or no dot.
 */
export function hostOption(preset: string, option: string, value: unknown): string {
  if (typeof value === 'string' && HOST.test(value)) return value.toLowerCase();
  throw invalid(preset, option, value, 'a host name without scheme and path, such as "login.example.com"');
}

/**
 * A name that becomes part of a URL or of an issuer.
 *
 * @throws {TypeError} where it is no text, empty, or has characters that would change the URL.
 */
export function nameOption(preset: string, option: string, value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]{1,128}$/.test(value)) return value;
  throw invalid(preset, option, value, 'letters, digits, ".", "_" and "-"');
}

/**
 * Values of which a token has to name one: an audience, a client id, a tenant.
 *
 * @throws {TypeError} where there is none, or an empty one.
 */
export function listOption(preset: string, option: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((one): one is string => typeof one === 'string' && one.trim() !== '');
  if (texts.length > 0 && texts.length === list.length) return texts;
  throw invalid(
    preset,
    option,
    value,
    'a text, or a list of texts: without it a token that was issued for another application would be accepted',
  );
}

/** An error that names the preset, the option, the value and what belongs there. */
export function invalid(preset: string, option: string, value: unknown, expected: string): TypeError {
  return new TypeError(
    `${preset}({ ${option} }): expected ${expected}; got ${JSON.stringify(value) ?? 'nothing'}.`,
  );
}
