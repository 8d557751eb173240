import { ERRORS, type ErrorCode } from '../errors.ts';
import type { NamedFields } from '../http/fields.ts';

/** On every answer of a second pass: the state of its cache, `PASS`, or `ERROR`. What lacks it is not an answer of ours. */
export const SHIELD_STATE_HEADER = 'x-claimcache-shield-state';
/** On an error of the second pass: its code, so that the first can tell it from an answer of the origin. */
export const SHIELD_CODE_HEADER = 'x-claimcache-shield-code';

/** The length of a stored body: streamed on, it would arrive without one, and could not be stored at the edge. */
export const SHIELD_LENGTH_HEADER = 'x-claimcache-shield-length';

export type ShieldAnswer =
  | { readonly kind: 'answered'; readonly state: string }
  /** The origin failed, as the shield saw it. */
  | { readonly kind: 'failed'; readonly code: ErrorCode }
  /** Not by a second pass of this service, or not for us. */
  | { readonly kind: 'refused' };

/** Reads what came back from a shield. */
export function readShieldAnswer(headers: NamedFields): ShieldAnswer {
  const state = headers.get(SHIELD_STATE_HEADER);
  if (state === null || !/^[A-Z]{1,10}$/.test(state)) return { kind: 'refused' };
  const code = headers.get(SHIELD_CODE_HEADER);
  if (code === null) return { kind: 'answered', state };
  if (code === 'ERR_SHIELD_REFUSED' || !isCode(code)) return { kind: 'refused' };
  return { kind: 'failed', code: code.startsWith('ERR_ORIGIN_') ? code : 'ERR_ORIGIN_UNREACHABLE' };
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}
