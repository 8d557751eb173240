import { NO_STORE } from '../http/no-store.ts';

/**
 * The answer of the protocol of automatic persisted queries to a hash that nobody here knows: the client sends the text beside
 * it. 200, as clients of every age expect.
 */
export function askForDocument(): Response {
  const error = {
    message: 'PersistedQueryNotFound',
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
  };
  return new Response(JSON.stringify({ errors: [error] }), {
    headers: {
      'content-type': 'application/json',
      'cache-control': NO_STORE,
      'x-cache': 'BYPASS',
    },
  });
}
