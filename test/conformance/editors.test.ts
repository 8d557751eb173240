import { expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { access, expectOriginRequests } from './support/origin.ts';
import { renderOf, SENSITIVE_PATH } from './support/pages.ts';
import { alice, expectPageOf, logIn } from './support/people.ts';

interface Page {
  readonly version: 'draft' | 'published';
  readonly text: string;
}

/** A CMS session, as the cookie that a browser sends. */
async function logInEditor(): Promise<string> {
  const answer = await edge('/cms/login', { method: 'POST', headers: access() });
  expect(answer.status).toBe(200);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(cookie).toMatch(/^cms_session=\w+$/);
  return cookie;
}

async function write(cookie: string, target: string, method: string, body?: object): Promise<void> {
  const headers = { cookie, 'content-type': 'application/json' };
  const answer = await edge(target, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(answer.status).toBe(200);
}

function expectPass(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.cache).toBe('BYPASS');
  expect(answer.headers['x-auth-route']).toBe('true');
  expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
}

it('an editor sees a draft at once, while the anonymous page stays a HIT with the published version', async () => {
  const target = unseen('/pages/welcome');
  const cookie = await logInEditor();
  const published = await edge(target);
  expect(published.cache).toBe('MISS');

  for (const draft of [`Draft ${Date.now()}.`, `Second draft ${Date.now()}.`]) {
    await write(cookie, '/api/cms/pages/welcome', 'PUT', { draft });
    const seen = await edge(target, { headers: { cookie } });
    expectPass(seen);
    expect(seen.json<Page>()).toMatchObject({ version: 'draft', text: draft });

    const anonymous = await expectOriginRequests(0, () => edge(target));
    expect(anonymous.cache).toBe('HIT');
    expect(anonymous.text).toBe(published.text);
    expect(anonymous.json<Page>().version).toBe('published');
  }
});

it.each(['/pages/pricing', '/preview/welcome', '/dashboard/', '/api/cms/pages'])(
  'an editor reads %s from the origin every time, and leaves nothing behind',
  async (path) => {
    const target = unseen(path);
    const headers = { cookie: await logInEditor() };
    const answers = await expectOriginRequests(2, async () => [
      await edge(target, { headers }),
      await edge(target, { headers }),
    ]);
    for (const answer of answers) expectPass(answer);
    expect(new Set(answers.map(renderOf)).size).toBe(2);

    const stranger = await edge(target);
    expect(stranger.cache).not.toBe('HIT');
    for (const answer of answers) expect(stranger.text).not.toContain(renderOf(answer));
  },
);

it('a CMS path passes without a cookie too, and the refusal is not stored', async () => {
  for (const path of ['/preview/welcome', '/dashboard/', '/api/cms/pages']) {
    const target = unseen(path);
    const refused = await expectOriginRequests(1, () => edge(target));
    expect(refused.status).toBe(401);
    expect(refused.cache).toBe('BYPASS');
    expect((await edge(target, { headers: { cookie: await logInEditor() } })).status).toBe(200);
  }
});

it('the request of an editor tells the origin not to store', async () => {
  const answer = await edge('/echo', {
    headers: { cookie: 'cms_session=any', 'cache-control': 'max-age=60' },
  });
  expectPass(answer);
  expect(answer.json<{ headers: Record<string, string> }>().headers).toMatchObject({
    'cache-control': 'no-store',
    cookie: 'cms_session=any',
  });
});

it('a CMS cookie only ever takes caching away: on a scoped route the verified person reads around the cache', async () => {
  const token = await logIn(alice);
  const headers = { cookie: 'cms_session=forged' };
  for (const path of ['/api/orders', SENSITIVE_PATH]) {
    const target = unseen(path);
    const first = await edgeAs(token, target, { headers });
    expectPass(first);
    expectPageOf(alice, first);
    expectPass(await edgeAs(token, target, { headers }));
    expect((await edgeAs(token, target)).cache).not.toBe('HIT');
  }
});

it('a cookie whose name only looks like the one of the CMS does not pass', async () => {
  const target = unseen('/pages/welcome');
  await edge(target);
  for (const cookie of [
    'xcms_session=1',
    'cms_sessions=1',
    'CMS_SESSION=1',
    'a=cms_session',
    'a=b=cms_session=1',
  ]) {
    expect((await edge(target, { headers: { cookie } })).cache, cookie).toBe('HIT');
  }
});
