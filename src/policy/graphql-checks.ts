import { parse } from 'graphql';
import type { Report } from './policy-error.ts';
import type { RouteInput } from './routes/route.ts';

/** What a GraphQL endpoint must not say, and what it says without meaning. */
export function graphqlProblems(at: string, route: RouteInput, report: Report): void {
  const { graphql } = route;
  if (graphql === undefined || graphql === false) return;
  if (route.lane === 'pass') {
    report(
      'POLICY_CONFLICT',
      `${at}.graphql`,
      graphql,
      'A route of the pass lane caches nothing: remove one of them.',
    );
  }
  if (route.stripSetCookie) {
    report(
      'POLICY_CONFLICT',
      `${at}.stripSetCookie`,
      true,
      'An answer that sets a cookie is not stored on a GraphQL endpoint: remove this.',
    );
  }
  for (const [id, text] of Object.entries(graphql === true ? {} : (graphql.documents ?? {}))) {
    try {
      parse(text, { noLocation: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unreadable';
      report('POLICY_SHAPE', `${at}.graphql.documents.${id}`, text, `Not a GraphQL document: ${why}`);
    }
  }
}
