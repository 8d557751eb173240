import { choice } from './settings.ts';

export type HttpsMode = 'redirect' | 'require' | 'off';

export interface HttpsRule {
  readonly mode: HttpsMode;
  readonly hstsSeconds: number | null;
}

export const https = choice('redirect', 'require', 'off');

export function compileHttps(mode: HttpsMode = 'off', hstsSeconds: number | null = null): HttpsRule {
  return { mode, hstsSeconds };
}
