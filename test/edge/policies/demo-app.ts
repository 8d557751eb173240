/** The provider of the test site's own tokens, `tokenOf` issues them. */
export const demoApp = {
  algorithms: ['HS256'],
  keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
  issuer: 'https://app.demo.example',
  audience: 'claimcache-demo',
} as const;
