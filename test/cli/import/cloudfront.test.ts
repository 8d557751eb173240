import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectHit, expectIsolated, expectNeverStored } from '../../../src/testing/index.ts';
import { runCli } from '../support/run-cli.ts';
import {
  ANSWERS,
  alice,
  bob,
  edgeOf,
  importFixture,
  importText,
  policyOf,
  probe,
  temporaryFolder,
} from './support.ts';

const cookie = { headers: { cookie: 'session=1' } };

describe('a cache policy with Authorization in its key', () => {
  it('becomes a scope: two people are kept apart, and a new token of one of them hits', async () => {
    const edge = await edgeOf(
      await importFixture('cloudfront-per-token-policy.json', [...ANSWERS, '--path', '/api/*']),
    );
    await expectIsolated(edge, '/api/orders', [alice, bob]);
    await expectHit(edge, '/api/orders', alice);
    // Each request has a token of its own: `jti` and signature differ.
    expect((await edge.fetch('/api/orders', { ...alice, expiresInSeconds: 60 })).headers.get('x-cache')).toBe(
      'HIT',
    );
  });

  it('keeps DefaultTTL where the origin says nothing, and no longer than MaxTTL', async () => {
    const silent = await edgeOf(await importFixture('cloudfront-per-token-policy.json', ANSWERS), {});
    await silent.fetch('/a', alice);
    silent.advance(299);
    expect((await silent.fetch('/a', alice)).headers.get('x-cache')).toBe('HIT');
    silent.advance(2);
    expect((await silent.fetch('/a', alice)).headers.get('x-cache')).toBe('MISS');
    const long = await edgeOf(await importFixture('cloudfront-per-token-policy.json', ANSWERS), {
      'cache-control': 'max-age=9999',
    });
    await long.fetch('/a', alice);
    long.advance(601);
    expect((await long.fetch('/a', alice)).headers.get('x-cache')).toBe('MISS');
  });

  it('without an answer it does not build, and says which is missing', async () => {
    const run = await importFixture('cloudfront-per-token-policy.json');
    expect(run.status).toBe(0);
    expect(() => policyOf(run)).toThrow(/TODO in the policy: providers\.idp\.keys/);
    expect(run.stderr).toContain('providers.idp.issuer');
    expect(run.stderr).toContain('providers.idp.audience');
  });
});

describe('a distribution with ForwardedValues and AWS’s own policies', () => {
  const imported = () => importFixture('cloudfront-forwarded-values.json', ANSWERS);

  it('a CachingDisabled default passes, and is never public', async () => {
    const edge = await edgeOf(await imported());
    for (const request of [{}, cookie, alice]) {
      expect((await probe(edge, '/', request)).lane).toBe('pass');
      await expectNeverStored(edge, '/profile', request);
    }
    expect((await edge.fetch('/profile', cookie)).status).toBe(200);
    expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe('session=1');
  });

  it('the behaviour with Authorization is scoped, by the query and the header of its key', async () => {
    const edge = await edgeOf(await imported());
    await expectIsolated(edge, '/api/orders?page=1', [alice, bob]);
    const key = async (target: string, language: string) =>
      (await probe(edge, target, { ...alice, headers: { 'accept-language': language } })).key;
    expect(await key('/api/orders?page=1&x=1', 'de')).toBe(await key('/api/orders?page=1&x=2', 'de'));
    expect(await key('/api/orders?page=1', 'de')).not.toBe(await key('/api/orders?page=2', 'de'));
    expect(await key('/api/orders?page=1', 'de')).not.toBe(await key('/api/orders?page=1', 'en'));
  });

  it('a behaviour that CloudFront never reaches is left out, and said', async () => {
    const run = await imported();
    expect(Object.values(policyOf(run).routes).map(({ path: pattern }) => pattern)).not.toContain(
      '/api/public/**',
    );
    expect(run.stderr).toMatch(
      /line 65 {3}\/api\/public\/\*: left out\. CloudFront never reaches it, because \/api\/\* stands before it/,
    );
    expect((await probe(await edgeOf(run), '/api/public/x', alice)).lane).toBe('scoped');
  });

  it('a picture below the scoped behaviour is the first match of another: it passes, and that is said', async () => {
    const run = await imported();
    const edge = await edgeOf(run);
    expect((await probe(edge, '/x.jpg')).lane).toBe('public');
    await expectNeverStored(edge, '/api/a.jpg');
    expect(run.stderr).toMatch(/\/api\/\S*\.jpg: passes, though \*\.jpg is public/);
  });

  it('what is right above a pattern keeps the default behaviour', async () => {
    const edge = await edgeOf(await imported());
    expect((await probe(edge, '/blog', cookie)).lane).toBe('pass');
    expect((await probe(edge, '/blog/a', cookie)).lane).toBe('public');
  });

  it('cookies in the key make it pass, unless one of them is the token', async () => {
    const edge = await edgeOf(await imported());
    await expectNeverStored(edge, '/shop/cart', { headers: { cookie: 'cart=1' } });
    const token = await edgeOf(
      await importFixture('cloudfront-forwarded-values.json', [...ANSWERS, '--token-cookie', 'cart']),
    );
    expect((await probe(token, '/shop/cart', alice)).lane).toBe('scoped');
  });

  it('the secret for the origin locks it; it is in neither the policy nor the report', async () => {
    const run = await imported();
    expect(run.stdout + run.stderr).not.toContain('not-for-the-policy');
    expect(policyOf(run).origins.web?.lock).toEqual({ header: 'x-origin-verify', item: 'origin_secret' });
    expect(run.stderr).toContain('origin_secret: stands in the source');
  });

  it('says what is not carried, with its line', async () => {
    const { stderr } = await imported();
    for (const text of [
      'line 5    the host names www.example.com',
      'line 6    DefaultRootObject',
      'line 20   OriginPath "/v1"',
      'S3',
      'the error page "/404.html"',
    ])
      expect(stderr).toContain(text);
  });
});

const BEHAVIOUR = { TargetOriginId: 'web', ViewerProtocolPolicy: 'allow-all' };
const OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';

function distribution(fallback: object, behaviours: readonly object[] = []): string {
  return JSON.stringify({
    DistributionConfig: {
      Origins: { Items: [{ Id: 'web', DomainName: 'web.example.com' }] },
      DefaultCacheBehavior: { ...BEHAVIOUR, ...fallback },
      CacheBehaviors: { Items: behaviours.map((behaviour) => ({ ...BEHAVIOUR, ...behaviour })) },
    },
  });
}

describe('what would be shared by people who must not', () => {
  it('cookies that reached the origin without being in the key: nothing is kept of a request with one', async () => {
    const text = distribution({ CachePolicyId: OPTIMIZED, OriginRequestPolicyId: ALL_VIEWER });
    const run = await importText('d.json', text);
    const edge = await edgeOf(run);
    await expectNeverStored(edge, '/settings', cookie);
    expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe('session=1');
    expect(run.stderr).toContain('the origin got cookies and Authorization, which its key did not have');
  });

  it('signed URLs, and functions before the cache: the policy does not build before somebody has answered', async () => {
    const signed = distribution({ CachePolicyId: OPTIMIZED }, [
      {
        PathPattern: '/private/*',
        CachePolicyId: OPTIMIZED,
        TrustedKeyGroups: { Enabled: true, Items: ['k'] },
      },
      {
        PathPattern: '/app/*',
        CachePolicyId: OPTIMIZED,
        FunctionAssociations: {
          Items: [{ EventType: 'viewer-request', FunctionARN: 'arn:aws:cloudfront::1:function/auth' }],
        },
      },
    ]);
    const open = await importText('d.json', signed);
    expect(() => policyOf(open)).toThrow(/TODO in the policy: signed URLs or cookies were asked for here/);
    expect(open.stderr).toContain('function/auth');
    const half = await importText('d.json', signed, ['--without', 'signatures']);
    expect(() => policyOf(half)).toThrow(/a function ran before the cache/);
    const done = await importText('d.json', signed, ['--without', 'signatures', '--without', 'functions']);
    expect((await probe(await edgeOf(done), '/private/a')).lane).toBe('public');
  });

  it('all headers in the key, and a key of CloudFront’s own headers: pass', async () => {
    const text = distribution(
      {
        ForwardedValues: { QueryString: true, Cookies: { Forward: 'none' }, Headers: { Items: ['*'] } },
        MinTTL: 0,
        DefaultTTL: 86400,
        MaxTTL: 86400,
      },
      [
        {
          PathPattern: '/de/*',
          ForwardedValues: {
            QueryString: false,
            Cookies: { Forward: 'none' },
            Headers: { Items: ['CloudFront-Viewer-Country'] },
          },
          MinTTL: 0,
        },
      ],
    );
    const edge = await edgeOf(await importText('d.json', text));
    for (const target of ['/a', '/de/a']) await expectNeverStored(edge, target);
  });

  it('a picture that only an earlier, wider behaviour protects is not made public by a later one', async () => {
    const none = { QueryString: false, Cookies: { Forward: 'none' } };
    const text = distribution({ CachePolicyId: OPTIMIZED }, [
      { PathPattern: '/members/*', ForwardedValues: { ...none, Cookies: { Forward: 'all' } }, MinTTL: 0 },
      { PathPattern: '*.png', ForwardedValues: none, MinTTL: 0 },
      { PathPattern: '/*/drafts/*', ForwardedValues: { ...none, Cookies: { Forward: 'all' } }, MinTTL: 0 },
    ]);
    const edge = await edgeOf(await importText('d.json', text));
    for (const target of ['/members/a.png', '/members/x/y/a.png', '/members/a', '/x/drafts/y'])
      await expectNeverStored(edge, target, cookie);
    expect((await probe(edge, '/a.png', cookie)).lane).toBe('public');
  });
});

describe('policies beside the distribution', () => {
  const given = {
    CachePolicy: {
      Id: '11111111-2222-3333-4444-555555555555',
      CachePolicyConfig: {
        Name: 'by-page',
        MinTTL: 0,
        DefaultTTL: 60,
        MaxTTL: 120,
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: { HeaderBehavior: 'none' },
          CookiesConfig: { CookieBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: { Items: ['page'] } },
        },
      },
    },
  };
  const text = distribution({ CachePolicyId: given.CachePolicy.Id });

  it('are read from their files', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'd.json'), text);
    writeFileSync(path.join(folder, 'p.json'), JSON.stringify(given));
    const run = await runCli(['import', 'd.json', '--cache-policy', 'p.json'], { cwd: folder });
    expect(policyOf(run).routes.everything).toMatchObject({
      ttlSeconds: { default: 60, max: 120 },
      query: ['page'],
    });
  });

  it('one that is not given is named, with the command that gets it', async () => {
    const run = await importText('d.json', text);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('DistributionConfig.DefaultCacheBehavior.CachePolicyId (line 1)');
    expect(run.stderr).toContain('aws cloudfront get-cache-policy --id 11111111-2222-3333-4444-555555555555');
  });
});
