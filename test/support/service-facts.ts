import { send } from './send.ts';

/** What is known of a service under test, without a name, a key or an address. */
export interface ServiceFacts {
  readonly isLocal: boolean;
  /** As `GET /.edge/status` says; null: the operator's token is missing or wrong. */
  readonly engine: string | null;
  readonly build: unknown;
  readonly policy: unknown;
  /** Headers by which the platform shows itself. */
  readonly platform: Readonly<Record<string, string>>;
}

const TELLING = ['server', 'via', 'x-served-by', 'x-timer', 'alt-svc', 'x-cache-hits'];

export async function serviceFacts(edgeUrl: string, operatorToken: string): Promise<ServiceFacts> {
  const health = await send(edgeUrl, '/.edge/health');
  const headers = { authorization: `Bearer ${operatorToken}` };
  const status = await send(edgeUrl, '/.edge/status', { headers });
  const known: Record<string, unknown> = status.status === 200 ? status.json() : {};
  return {
    isLocal: /^(?:127\.|localhost$|\[::1\]$)/.test(new URL(edgeUrl).hostname),
    engine: typeof known.engine === 'string' ? known.engine : null,
    build: known.build ?? null,
    policy: known.policy ?? null,
    platform: Object.fromEntries(
      TELLING.flatMap((name) => {
        const value = health.headers[name];
        return value === undefined ? [] : [[name, String(value)]];
      }),
    ),
  };
}
