import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { startScriptedOrigin } from '../../test/edge/support/scripted-origin.ts';

export interface Page {
  /** Whose it is. */
  readonly owner: string;
  /** How often the owner had written when it was made. */
  readonly version: number;
}

export interface PageOrigin {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  /** How long each answer takes from now on. */
  slowDown(delayMs: number): void;
  stop(): Promise<void>;
}

/** An origin with a page for each person and route: a `PUT` makes all pages of that person new ones. */
export async function startPageOrigin(ttlSeconds: Readonly<Record<string, number>>): Promise<PageOrigin> {
  const versions = new Map<string, number>();
  let count = 0;
  let delayMs = 0;
  const origin = await startScriptedOrigin();
  origin.answer(async (request, response) => {
    // The local server looks whether anybody is there.
    if (request.url === '/') return response.writeHead(204).end();
    count += 1;
    const page = /^\/\w+\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    // A shared route gets no member's token.
    const owner = token === undefined ? 'shared' : (decodeJwt(token).sub ?? '');
    if (request.method === 'PUT') versions.set(owner, (versions.get(owner) ?? 0) + 1);
    const body = JSON.stringify({ owner, version: versions.get(owner) ?? 0 } satisfies Page);
    if (delayMs > 0) await sleep(delayMs);
    response
      .writeHead(200, {
        'cache-control': `${token === undefined ? 'public' : 'private'}, max-age=${ttlSeconds[page] ?? 0}`,
        'content-type': 'application/json',
        'content-length': body.length,
      })
      .end(body);
  });
  return {
    url: origin.url,
    count: () => count,
    slowDown: (ms) => {
      delayMs = ms;
    },
    stop: origin.stop,
  };
}
