import type { RequestListener } from 'node:http';
import { type ScriptedOrigin, startScriptedOrigin } from '../../test/edge/support/scripted-origin.ts';
import { ORDERS, ORDERS_TTL } from './orders.ts';

/** Everything is there for a day: to whoever is known as theirs, to the rest as everybody's. */
export const constant: RequestListener = (request, response) => {
  const isPersonal = request.headers.authorization !== undefined;
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'cache-control': `${isPersonal ? 'private' : 'public'}, max-age=${ORDERS_TTL}`,
      'content-length': ORDERS.length,
    })
    .end(ORDERS);
};

export async function startConstantOrigin(): Promise<ScriptedOrigin> {
  const origin = await startScriptedOrigin();
  origin.answer(constant);
  return origin;
}
