import type { QueryTokens } from './query-tokens.ts';

const same = (text: string) => text;

/** Stands in where no provider of the policy looks for tokens in the query. */
const queryTokens: QueryTokens = { withhold: () => null, withoutTokens: same, withToken: same };

export default queryTokens;
