import type { QueryTokens } from './query-tokens.ts';

/** Stands in where no provider of the policy looks for tokens in the query. */
const queryTokens: QueryTokens = { withhold: () => null };

export default queryTokens;
