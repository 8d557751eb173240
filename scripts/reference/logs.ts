import { FRESHNESS_TEXTS, REASON_TEXTS, UNKEYED_TEXTS } from '../../src/explain/texts.ts';
import { membersOf, tableOf, textsOf } from './documented.ts';

const RECORD = 'src/request/log-record.ts';

/** What came of a request that no freshness decision says. `test/unit/reference.test.ts` reads the sources for one that is missing here. */
export const DETAILS: Readonly<Record<string, string>> = {
  fresh: 'from the cache',
  revalidated: 'the origin has confirmed what is stored (304)',
  'while-revalidate': 'stale from the cache, while it is fetched again',
  'if-error': 'stale from the cache, because the origin failed',
  'purged-meanwhile': 'not stored: a purge came while it was on its way',
  incomplete: 'not stored: no length was announced, and the JSON, HTML or gzip does not end',
  streaming:
    'no length was announced, and the response went out before its end: stored once its end shows that it is whole',
  unannounced: 'not stored: no length was announced, and the response before it was not stored either',
  'behind-marker':
    'not stored: the response before it was not stored, and this one is empty or larger than `limits.bufferBytes`; stored once the marker of that one is gone, after 10 s at most',
  'collapse-timeout': "another request's fetch of the same key took too long: fetched alone",
  'leak-guard':
    '**an alarm**: a stored response belongs to another scope than the request. It was not served, and the request passed',
  'vary-unkeyed': REASON_TEXTS['vary-unkeyed'],
  'fallback-page': "a browser got the policy's page instead of the origin's failure",
  answered: 'a CORS preflight, without the origin',
  'purge-failed': 'the write was done, and the purge after it failed',
  'nothing-named': 'a webhook was valid, and named nothing to purge',
  'handed-off': 'a WebSocket is its backend’s from here on; `status` is 101 whatever that responds',
  'refresh-failed': 'on a `background` line: what went on after the response',
  keys: 'on a `background` line: trouble with keys',
};

/** Every field of a line and what may stand in it, from the sources: the page `reference/logs.md`. */
export function logsPage(): string {
  return [
    '# Logs',
    'Made from the sources and their comments by `npm run docs:reference`.',
    `- One JSON line per request goes to the log endpoint \`claimcache\` (the policy's \`logEndpoint\`; \`stdout\`: for \`fastly log-tail\`).
- A line never has a token, a claim value, a query or the value of a cookie.
- [log-line.schema.json](log-line.schema.json) is its JSON Schema. New fields may come without a new version; one that goes, or changes its meaning, makes a new one.
- Set an alarm on \`"detail":"leak-guard"\`, \`"code":"ERR_KEYS_UNAVAILABLE"\`, \`"code":"ERR_SESSION_UNAVAILABLE"\`, and on a rise of \`"code":"ERR_INTERNAL"\`.
- In numbers, live too: [\`claimcache stats\`](commands.md#claimcache-stats). In a browser: [Console](../how-to/console.md).
- OpenTelemetry is not built in: the example of \`@fastly/compute-js-opentelemetry\` 0.4.4 does not compile with js-compute 3.46. A collector can read these lines.`,
    '## Fields',
    tableOf(['field', ''], rowsOf('LogRecord')),
    'The members of `observed`:',
    tableOf(['field', ''], rowsOf('Observed')),
    '## Reasons',
    'Why a request takes its lane, in the words of `claimcache explain`. The order of the rules: [Lanes](../concepts/lanes.md).',
    tableOf(['`reason`', ''], Object.entries(REASON_TEXTS)),
    '## Details',
    'What came of it. With `reason` `fallback-cookie` it is the name of the cookie, and `?` for a cookie without a usable name. The rules of storing: [What is stored, and for how long](../concepts/caching.md).',
    tableOf(
      ['`detail`', ''],
      [
        ...Object.entries(FRESHNESS_TEXTS),
        ...Object.entries(DETAILS),
        ...Object.entries(UNKEYED_TEXTS).map(
          ([name, text]) => [name, `with \`reason\` \`body-unkeyed\`: ${text}`] as const,
        ),
      ],
    ),
    '## Notes',
    'What to fix at the origin.',
    tableOf(
      ['note', ''],
      textsOf('src/cache/freshness/freshness-decision.ts', 'OriginWarning').map(
        ({ name, text }) => [name, text] as const,
      ),
    ),
    '## In numbers',
    '[`claimcache stats`](commands.md#claimcache-stats) reads these lines.',
    '',
  ].join('\n\n');
}

const rowsOf = (name: string) => membersOf(RECORD, name).map((one) => [one.name, one.text] as const);
