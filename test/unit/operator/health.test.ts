import { expect, it } from 'vitest';
import { healthOf } from '../../../src/operator/health.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const policy = compilePolicy({
  origins: {
    app: { backend: 'origin', shield: { backend: 'shield' } },
    media: { backend: 'media', paths: ['/m/**'], shield: { site: 'pdx-or-us' } },
  },
  providers: { idp: { algorithms: ['RS256'], keys: { jwksUrl: 'https://idp.test/jwks', backend: 'idp' } } },
  routes: {},
});
const operator = new Headers({ authorization: 'Bearer operator-of-the-test' });

it('names every backend of the policy to the operator, those of keys and shields too', async () => {
  const platform = memoryPlatform({
    secret: async () => 'operator-of-the-test',
    backendHealth: (name) => (name === 'media' ? 'unhealthy' : name === 'idp' ? 'missing' : 'healthy'),
  });
  expect(await healthOf(operator, policy, platform)).toEqual({
    status: 'ok',
    backends: { origin: 'healthy', shield: 'healthy', media: 'unhealthy', idp: 'missing' },
  });
});

it('says ok and no more to anybody else, without asking any store where nobody claims to be the operator', async () => {
  let asked = 0;
  const secret = async () => {
    asked++;
    return 'operator-of-the-test';
  };
  const platform = memoryPlatform({ secret });
  expect(await healthOf(new Headers(), policy, platform)).toEqual({ status: 'ok' });
  expect(asked).toBe(0);
  const wrong = new Headers({ authorization: 'Bearer operator-of-the-tes' });
  expect(await healthOf(wrong, policy, platform)).toEqual({ status: 'ok' });
});

it('is ok where the Secret Store is down, or no operator is configured', async () => {
  for (const secret of [() => Promise.reject(new Error('down')), async () => null, async () => '']) {
    expect(await healthOf(operator, policy, memoryPlatform({ secret }))).toEqual({ status: 'ok' });
    expect(
      await healthOf(new Headers({ authorization: 'Bearer ' }), policy, memoryPlatform({ secret })),
    ).toEqual({ status: 'ok' });
  }
});
