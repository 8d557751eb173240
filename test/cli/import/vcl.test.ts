import { describe, expect, it } from 'vitest';
import { globsOfRegex } from '../../../cli/import/vcl/regex-globs.ts';
import { expectHit, expectNeverStored } from '../../../src/testing/index.ts';
import { edgeOf, importFixture, importText, policyOf, probe } from './support.ts';

const withCookie = (cookie: string) => ({ headers: { cookie } });

describe('a VCL of Fastly that passes for whoever has a session', () => {
  const imported = () => importFixture('fastly.vcl');

  it('is public for nobody, and passes for every cookie that it named', async () => {
    const edge = await edgeOf(await imported());
    await expectHit(edge, '/');
    await expectHit(edge, '/profile', withCookie('_ga=1'));
    for (const cookie of ['session=1', 'cms_session=1', 'wordpress_logged_in_abc=1', 'my_session=1']) {
      await expectNeverStored(edge, '/', withCookie(cookie));
      expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe(cookie);
    }
    await expectNeverStored(edge, '/', { headers: { authorization: 'Basic eDp5' } });
  });

  it('passes on the paths of its expression, whatever follows, and for pictures of them too', async () => {
    const edge = await edgeOf(await imported());
    for (const target of [
      '/admin',
      '/admin/users',
      '/administrator',
      '/checkout/pay',
      '/admin/x/app.js',
      '/checkout.css',
    ])
      expect(await probe(edge, target), target).toMatchObject({ lane: 'pass' });
    expect(await probe(edge, '/app.js')).toMatchObject({ lane: 'public' });
  });

  it('keeps the lifetimes: 300 s, a day for scripts, 10 s for a 404; utm_ does not count', async () => {
    const edge = await edgeOf(await imported(), {});
    const ageOf = async (target: string, seconds: number) => {
      await edge.fetch(target);
      edge.advance(seconds);
      return (await edge.fetch(target)).headers.get('x-cache');
    };
    expect(await ageOf('/a', 299)).toBe('HIT');
    // Within stale-while-revalidate.
    expect(await ageOf('/b', 301)).toBe('STALE');
    expect(await ageOf('/app.js', 86_000)).toBe('HIT');
    expect((await probe(edge, '/a?utm_source=x')).key).toBe((await probe(edge, '/a')).key);
    expect(policyOf(await imported()).routes.everything?.negativeTtlSeconds).toEqual({ 404: 10 });
  });

  it('quotes what it does not carry, with its line', async () => {
    const { stderr } = await imported();
    expect(stderr).toMatch(/line 28 +set req\.http\.X-Geo = client\.geo\.country_code;/);
    expect(stderr).toMatch(/line 57 +vcl_deliver: unset resp\.http\.Server;/);
    expect(policyOf(await imported()).https).toBe('redirect');
  });
});

describe('a VCL of Varnish before WordPress', () => {
  const imported = () => importFixture('varnish-wordpress.vcl');

  it('editors, the login and the administration pass; everything else is kept for everybody', async () => {
    const edge = await edgeOf(await imported());
    for (const target of [
      '/wp-login.php',
      '/wp-admin/',
      '/wp-admin/css/a.css',
      '/blog/wp-admin/x',
      '/a/b/c/wp-admin/x.png',
      '/a/b/c/d/e/wp-admin/x',
    ])
      expect(await probe(edge, target), target).toMatchObject({ lane: 'pass' });
    await expectNeverStored(edge, '/2026/11/hello/', withCookie('wordpress_logged_in_x=1'));
    await expectNeverStored(edge, '/2026/11/hello/', withCookie('comment_author_x=1'));
    await expectHit(edge, '/2026/11/hello/');
    await expectHit(edge, '/wp-content/a.png');
  });

  it('says what passes beyond the expression, what the query was for, and how to purge', async () => {
    const { stderr } = await imported();
    expect(stderr).toContain('PURGE is refused here (405)');
    expect(stderr).toMatch(/preview=true.*no pattern sees the query/);
    expect(stderr).toMatch(/here \*wp-login\* wins, and passes/);
  });
});

it('cookies removed for pictures alone: those are public, and nothing else is', async () => {
  const edge = await edgeOf(await importFixture('varnish-images.vcl'));
  await expectHit(edge, '/images/a.png', withCookie('session=1'));
  await expectNeverStored(edge, '/settings', withCookie('session=1'));
  expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe('session=1');
});

const recv = (body: string) => `sub vcl_recv {\n${body}\nunset req.http.Cookie;\n}`;

describe('what must not become public by an import', () => {
  it.each([
    ['a pass by address', 'if (client.ip ~ office) { return(pass); }'],
    ['a pass by host', 'if (req.http.host ~ "^admin") { return (pass); }'],
    [
      'a pass in a subroutine of its own',
      'call mine;\n}\nsub mine {\n  if (req.url ~ "x") { return(pass); }\n}\nsub vcl_recv {',
    ],
    ['a file that is included', '}\ninclude "more.vcl";\nsub vcl_recv {'],
    ['a pass that is asked for without a condition', 'return(pass);'],
    ['cookies in the key', '}\nsub vcl_hash { hash_data(req.http.Cookie); }\nsub vcl_recv {'],
    [
      'a pass by a header that the VCL sets itself',
      'if (req.url ~ "^/settings") { set req.http.X-Pass = "1"; }\nif (req.http.X-Pass) { return(pass); }',
    ],
    [
      'a pass by a path that was rewritten before',
      'set req.url = regsub(req.url, "^/settings", "/admin");\nif (req.url ~ "^/admin") { return(pass); }',
    ],
    ['everything is set to no lifetime', '}\nsub vcl_fetch { set beresp.ttl = 0s; }\nsub vcl_recv {'],
  ])('%s', async (_what, body) => {
    const edge = await edgeOf(await importText('main.vcl', recv(body)));
    await expectNeverStored(edge, '/settings', withCookie('session=1'));
  });

  it('without a removal of cookies nothing is kept of a request with one', async () => {
    const edge = await edgeOf(await importText('main.vcl', 'sub vcl_recv { return(lookup); }'));
    await expectNeverStored(edge, '/settings', withCookie('session=1'));
  });

  it('where several tests have to hold, more passes, never less', async () => {
    const run = await importText(
      'main.vcl',
      recv('if (req.url ~ "^/shop" && req.http.Cookie ~ "cart=") { return(pass); }'),
    );
    await expectNeverStored(await edgeOf(run), '/shop/x', withCookie('cart=1'));
    expect(run.stderr).toContain('More passes than before');
  });

  it('a removal that a later pass overrules', async () => {
    const body =
      'if (req.url ~ "^/images/") { unset req.http.Cookie; }\nif (req.url ~ "^/images/private/") { return(pass); }';
    const edge = await edgeOf(await importText('main.vcl', `sub vcl_recv {\n${body}\n}`));
    expect(await probe(edge, '/images/private/a')).toMatchObject({ lane: 'pass' });
    expect(await probe(edge, '/images/a')).toMatchObject({ lane: 'public' });
  });

  it('a refusal: the policy does not build before somebody has put it elsewhere', async () => {
    const text = recv('if (client.ip !~ office) { error 403 "Forbidden"; }');
    const open = await importText('main.vcl', text);
    expect(() => policyOf(open)).toThrow(/TODO in the policy: the VCL refused some requests/);
    const done = await importText('main.vcl', text, ['--without', 'refusals']);
    expect((await probe(await edgeOf(done), '/')).lane).toBe('public');
  });
});

describe('what else a VCL says', () => {
  it('cookies are kept for whoever has a session, and removed of everybody else', async () => {
    const text =
      'sub vcl_recv {\n  if (req.http.Cookie !~ "(^|;\\s*)session=") { unset req.http.Cookie; }\n}';
    const edge = await edgeOf(await importText('main.vcl', text));
    await expectNeverStored(edge, '/settings', withCookie('session=1'));
    expect(edge.originRequests.at(-1)?.headers.get('cookie')).toBe('session=1');
    await expectHit(edge, '/settings', withCookie('_ga=1'));
  });

  it('a header in the key is vary, Authorization in it a scope', async () => {
    const text = `${recv('')}\nsub vcl_hash {\n hash_data(req.http.Accept-Language);\n hash_data(req.http.Authorization);\n}`;
    const policy = policyOf(
      await importText('main.vcl', text, ['--issuer', 'https://login.example.com', '--audience', 'none']),
    );
    expect(policy.routes.everything).toMatchObject({
      scope: 'user',
      vary: ['accept-language'],
      onMissing: 'pass',
    });
    expect(policy.providers?.idp).not.toHaveProperty('audience');
  });

  it('backends by path and host', async () => {
    const text = `backend F_web { .host = "a"; }\nbackend F_api { .host = "b"; }\n${recv('set req.backend = F_web;\nif (req.url ~ "^/api/") { set req.backend = F_api; }')}`;
    expect(policyOf(await importText('main.vcl', text)).origins).toEqual({
      web: { backend: 'web' },
      api: { backend: 'api', paths: ['/api/**'] },
    });
  });

  it('no value of a header that may be a secret is repeated', async () => {
    const run = await importText('main.vcl', recv('set req.http.X-Api-Key = "only-for-the-origin";'));
    expect(run.stderr).toContain('X-Api-Key');
    expect(run.stdout + run.stderr).not.toContain('only-for-the-origin');
  });

  it.each([
    ['^/admin', ['/admin*'], true],
    ['^/blog$', ['/blog'], true],
    ['\\.(png|css)$', ['*.png', '*.css'], true],
    ['\\.(?:jpe?g)(\\?.*)?$', ['*.jpg', '*.jpeg'], true],
    ['^/user/[0-9]+/edit', ['/user/*/edit*'], false],
    ['wp-(login|admin)', ['*wp-login*', '*wp-admin*'], true],
    ['(?i)^/Admin', ['*'], false],
    ['^/(a|b', ['*'], false],
  ])('%s is %j', (regex, globs, isExact) => {
    expect(globsOfRegex(regex)).toMatchObject({ globs, isExact });
  });
});
