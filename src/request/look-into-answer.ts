import { announcedLength, readUpTo, restOf } from '../cache/store-body.ts';
import { JSON_TYPE } from '../graphql/answer-facts.ts';
import type { ReadEntities } from '../graphql/entities/read-entities.ts';
import { readEntities } from '../graphql/entities/read-entities.ts';
import type { AskedDocument } from '../graphql/graphql-operation.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import type { Service } from './service.ts';

/** What is in the answer to a request, once it has come: null: it could not be looked into. */
export interface AnswerReading {
  current: ReadEntities | null;
}

/** Of a request that an origin cannot execute as it is. */
const NOT_VALID = new Set([400, 422]);
/** About other bytes than those that go on. */
const ABOUT_BYTES = ['content-encoding', 'content-md5', 'digest', 'repr-digest', 'content-digest', 'etag'];

/**
 * Looks into an answer as it comes: what the edge has asked for beside the client is found, and taken out again.
 *
 * @param again - The client's own request, made where an answer is too long to take anything out of it; null: it may not be made twice.
 */
export function lookInto(
  { platform, policy }: Pick<Service, 'platform' | 'policy'>,
  { plan, learning }: AskedDocument,
  rule: GraphqlRule,
  reading: AnswerReading,
  again: OriginRequest | null,
): NonNullable<OriginRequest['receive']> {
  return async function receive(response, fetchOrigin) {
    const { status, headers, body } = response;
    // Ids that the client does not ask for may be refused.
    const unlearned = learning?.isApplied ? again : null;
    if (unlearned !== null && NOT_VALID.has(status)) {
      body?.cancel().catch(() => {});
      await learning?.refuse();
      return fetchOrigin(unlearned);
    }
    // What comes in parts, or is a page, is not kept waiting.
    if (body === null || !JSON_TYPE.test(headers.get('content-type')?.trim() ?? '')) return response;
    const { answerBytes } = rule.limits;
    const start = await readUpTo(body, answerBytes, policy.limits.betweenBytesTimeoutMs);
    const { bytes, rest } = start;
    if (rest !== null && again !== null) {
      rest.cancel().catch(() => {});
      return fetchOrigin(again);
    }
    const announced = announcedLength(headers);
    const isWhole = rest === null && (announced ?? bytes.byteLength) === bytes.byteLength;
    const read = isWhole ? await readEntities(headers, bytes, answerBytes, plan, rule) : null;
    if (unlearned !== null && read?.mayBeRefused) {
      await learning?.refuse();
      return fetchOrigin(unlearned);
    }
    reading.current = read;
    if (read !== null && read.withoutId.length > 0) await learning?.learn(read.withoutId);
    const fields = new HeaderFields(headers);
    // Cut off, it is handed on as it is: whoever reads it compares it with what was announced.
    if (read === null || read.bytes === null) return platform.respond(status, fields, restOf(start));
    for (const name of ABOUT_BYTES) fields.delete(name);
    fields.set('content-length', String(read.bytes.byteLength));
    return platform.respond(status, fields, read.bytes);
  };
}
