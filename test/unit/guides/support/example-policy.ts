/** The policy file that the examples of docs/how-to/testing.md test. */
export const EXAMPLE_POLICY = `import { definePolicy } from 'claimcache';

export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    idp: {
      algorithms: ['ES256'],
      keys: { discovery: 'https://idp.example', backend: 'idp' },
      issuer: 'https://idp.example',
      audience: 'site',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 } },
    cards: { path: '/api/payment-methods', scope: 'user', cache: false },
  },
});
`;

/** What somebody makes of it by mistake: the orders are nobody's. */
export function withoutScope(policy: string): string {
  return policy.replace("scope: 'user', ttlSeconds", "lane: 'public', ttlSeconds");
}
