import { BY_DETAIL, BY_REASON } from '../../cli/log/advice.ts';
import { tableOf } from './documented.ts';

/** What the console says about a request that was not a HIT: the page `reference/hits.md`. */
export function advicePage(): string {
  return [
    '# What would make it a HIT',
    'What [the console](../how-to/console.md) shows for a MISS or a BYPASS, by two fields of [the log](logs.md). Made from `cli/log/advice.ts` by `npm run docs:reference`.',
    '## By reason',
    'Requests that passed, by `reason`:',
    tableOf(['reason', ''], told(BY_REASON)),
    '## By detail',
    'Responses that were not stored or not found, by `detail`:',
    tableOf(['detail', ''], told(BY_DETAIL)),
    '',
  ].join('\n\n');
}

const told = (advice: Readonly<Record<string, string | null>>) =>
  Object.entries(advice).flatMap(([word, text]) => (text === null ? [] : [[word, text] as const]));
