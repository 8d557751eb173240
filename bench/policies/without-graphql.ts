import { definePolicy } from 'claimcache';
import site from '../../test/site/src/policy.ts';

const { graphql: _, ...routes } = site.routes;

/** The policy of the test site without its GraphQL endpoint: what that costs every other request. */
export default definePolicy({ ...site, routes });
