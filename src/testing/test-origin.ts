import type { Platform } from '../platform/platform.ts';
import { edgeRequest } from './edge-request.ts';
import { fetchOverHttp } from './http-origin.ts';

/** A function that answers what the edge asks, or the URL of an application that does. */
export type TestOrigin = ((request: Request) => Response | Promise<Response>) | string;

/** The origin of a test, and what it was asked. */
export function createTestOrigin(
  origin: TestOrigin,
): Pick<Platform, 'fetchOrigin'> & { readonly requests: readonly Request[] } {
  const requests: Request[] = [];
  return {
    requests,
    async fetchOrigin(asked) {
      const { url, method } = asked;
      const body =
        asked.body instanceof ReadableStream
          ? new Uint8Array(await new Response(asked.body as BodyInit).arrayBuffer())
          : asked.body;
      const request = () => edgeRequest({ url, method, headers: new Headers([...asked.headers]), body });
      // A body can be read once: what is kept is another request than the one that is answered.
      requests.push(request());
      return typeof origin === 'string' ? fetchOverHttp(origin, { ...asked, body }) : origin(request());
    },
  };
}
