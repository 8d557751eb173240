import type { RequestContext } from '../platform/request-context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Answer } from './answer.ts';
import { applyCors } from './cors.ts';
import { applyHsts } from './https.ts';

/** A function that sets what goes out with every answer, errors too, and takes away what must never go out. */
export function createFinish(
  policy: Policy,
): (context: RequestContext, answer: Pick<Answer, 'response' | 'cors' | 'isHandedOff'>) => Response {
  const secretHeaders = policy.origins.flatMap(({ lock }) => (lock === null ? [] : [lock.header]));

  return function finish(context, { response, cors, isHandedOff }) {
    if (isHandedOff) return response;
    if (cors !== null) applyCors(cors, originField(context), response.headers);
    applyHsts(policy.https.hstsSeconds, isSecure(context), response.headers);
    // An origin that echoes what it was sent must not give its own secret away.
    for (let i = 0; i < secretHeaders.length; i++) response.headers.delete(secretHeaders[i] as string);
    return response;
  };
}

export function isSecure({ request }: Pick<RequestContext, 'request'>): boolean {
  return request.url.startsWith('https:');
}

/** A request that was refused before its fields were read may have one that the host cannot hand over. */
function originField({ request }: RequestContext): string | null {
  try {
    return request.headers.get('origin');
  } catch {
    return null;
  }
}
