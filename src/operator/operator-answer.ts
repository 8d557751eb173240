import { NO_STORE } from '../http/no-store.ts';

/** What an endpoint of the service answers, and how much it purged. */
export interface OperatorAnswer {
  readonly response: Response;
  readonly purged: number;
}

export function json(body: unknown): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    headers: { 'content-type': 'application/json', 'cache-control': NO_STORE },
  });
}
