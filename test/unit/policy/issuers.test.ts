import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';

const compiled = (provider: Record<string, unknown>) =>
  compilePolicy({
    origins: { app: { backend: 'origin' } },
    providers: {
      app: {
        algorithms: ['RS256'],
        keys: { jwksUrl: 'https://keys.example/jwks', backend: 'keys' },
        ...provider,
      },
    },
    scopes: { user: { claims: 'sub' } },
    routes: { account: { path: '/account', scope: 'user' } },
  } as never).providers[0];

describe('issuers', () => {
  it('are one, several, or one with a claim in it', () => {
    expect(compiled({})?.issuers).toEqual([]);
    expect(compiled({ issuer: 'https://a.example' })?.issuers).toEqual(['https://a.example']);
    expect(
      compiled({
        issuer: ['https://a.example', 'https://b.example/{tid}/v2.0'],
        requiredClaims: { tid: ['one', 'two'] },
      })?.issuers,
    ).toEqual(['https://a.example', { before: 'https://b.example/', claim: 'tid', after: '/v2.0' }]);
  });

  it.each([
    [
      'a template whose claim may be anything',
      { issuer: 'https://a.example/{tid}' },
      'requiredClaims: { tid:',
    ],
    [
      'a template whose claim only has to be there',
      { issuer: 'https://a.example/{tid}', requiredClaims: { tid: true } },
      'requiredClaims: { tid:',
    ],
    ['two claims', { issuer: 'https://{a}.example/{b}', requiredClaims: { a: 'x', b: 'y' } }, 'one claim'],
    ['a brace alone', { issuer: 'https://a.example/{tid' }, 'one claim'],
    ['a whole issuer from the token', { issuer: '{iss}', requiredClaims: { iss: 'x' } }, 'one claim'],
    ['an empty list', { issuer: [] }, 'name an issuer'],
    ['a number', { issuer: 42 }, 'list of texts'],
  ])('%s is refused', (_, provider, message) => {
    expect(() => compiled(provider)).toThrow('providers.app.issuer');
    expect(() => compiled(provider)).toThrow(message);
  });
});
