import type { CacheResult } from '../cache/cache-engine.ts';
import { evaluatePreconditions, notModifiedHeaders } from '../http/conditional.ts';
import type { Fields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { evaluateRange } from '../http/range.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * The answer that a client gets of a cached or just fetched whole response: a 304 or 412 where its preconditions say so,
 * the part it asked for, no body for HEAD, else the whole. The origin never sees these fields: it was asked for the whole.
 */
export async function selectResponse(
  { method, headers: request }: Pick<RequestFacts, 'method' | 'headers'>,
  { status, body }: Pick<CacheResult, 'status' | 'body'>,
  headers: Fields,
  { nowMs, respond: answerWith }: Pick<Platform, 'nowMs' | 'respond'>,
): Promise<Response> {
  const withoutBody = (answer: number, fields: Fields) => {
    body?.discard();
    return answerWith(answer, fields, null);
  };
  if (status >= 200 && status < 300) {
    const precondition = evaluatePreconditions(method, request, headers, nowMs());
    if (precondition === 'not-modified') return withoutBody(304, notModifiedHeaders(headers));
    if (precondition === 'failed') return withoutBody(412, withoutContent(headers));
  }
  if (body === null) return answerWith(status, headers, null);
  if (method === 'HEAD') {
    if (body.lengthBytes !== null) headers.set('content-length', String(body.lengthBytes));
    return withoutBody(status, headers);
  }
  if (status === 200 && method !== 'POST' && body.lengthBytes !== null && body.slice !== null) {
    const range = evaluateRange(request, headers, body.lengthBytes);
    if (range.kind === 'unsatisfiable') {
      const fields = withoutContent(headers);
      fields.set('content-range', range.contentRange);
      return withoutBody(416, fields);
    }
    if (range.kind === 'partial') {
      headers.set('content-range', range.contentRange);
      headers.set('content-length', String(range.end - range.start));
      const part = await body.slice(range.start, range.end);
      return answerWith(206, headers, part);
    }
  }
  return answerWith(status, headers, await body.open());
}

function withoutContent(headers: Fields): Fields {
  const fields = new HeaderFields(headers);
  for (const name of fields.keys()) if (name.startsWith('content-')) fields.delete(name);
  return fields;
}
