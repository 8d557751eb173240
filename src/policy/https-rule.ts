import { choice } from './settings.ts';

/** What becomes of a request without TLS. */
export type HttpsMode = 'redirect' | 'require' | 'off';

export interface HttpsRule {
  readonly mode: HttpsMode;
  readonly hstsSeconds: number | null;
}

export const https = choice('redirect', 'require', 'off');

export function compileHttps(mode: HttpsMode = 'off', hstsSeconds: number | null = null): HttpsRule {
  return { mode, hstsSeconds };
}
