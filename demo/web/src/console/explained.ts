import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { codeText, FRESHNESS_TEXTS, REASON_TEXTS } from '../../../../src/explain/texts.ts';
import { own } from '../../../../src/policy/claims/own.ts';

/** What the cache did, where the detail is no reason of the freshness decision. docs/reference/logs.md has them all. */
const DETAILS: Readonly<Record<string, string>> = {
  fresh: 'it was in the cache, and fresh',
  revalidated: 'the origin said that the stored copy still holds',
  'while-revalidate': 'it was stale, and is fetched anew behind the answer',
  'if-error': 'the origin failed, and a stale copy was served',
  'purged-meanwhile': 'not stored: a purge went by while it was on its way',
  incomplete: 'not stored: it was cut off',
  streaming: 'it was still coming when the answer went out',
  unannounced: 'not stored: it announced no length, like the answer before it',
  'behind-marker': 'not stored: the answer before it was not stored either',
  'collapse-timeout': 'it waited for the first request of this page, and then asked alone',
  'leak-guard': 'ALARM: the stored page was another person’s. It was not served',
  'purge-failed': 'ALARM: what had to be purged could not be',
  'fallback-page': 'the browser got the policy’s page in the place of the failure',
  answered: 'the edge answered a preflight, without the origin',
};

/** Why a request went the way it went, in sentences. */
export function explained({ lane, reason, detail, code, cause }: RequestLine): string[] {
  const sentences = [
    `${lane}: ${own(REASON_TEXTS, reason) ?? reason}`,
    own(FRESHNESS_TEXTS, detail) ?? own(DETAILS, detail) ?? (detail === reason ? '' : detail),
    code === undefined ? '' : knownCode(code),
    cause === undefined ? '' : `cause: ${cause}`,
  ];
  return sentences.filter((sentence) => sentence !== '').map((sentence) => `${sentence}.`);
}

/** A newer service may have codes that this page does not know. */
function knownCode(code: NonNullable<RequestLine['code']>): string {
  try {
    return codeText(code);
  } catch {
    return code;
  }
}
