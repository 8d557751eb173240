import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { definePolicy } from '../../../src/policy/define.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';
import { testEdge } from '../../../src/testing/index.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const guides = readdirSync(path.join(root, 'docs/migrate'))
  .filter((name) => name !== 'README.md' && name !== 'import.md')
  .map((name) => `docs/migrate/${name}`);

/** The whole policies in a document: a fence of TypeScript that exports one. */
function policiesIn(document: string): PolicyInput[] {
  const text = readFileSync(path.join(root, document), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
  return blocks.filter((block) => block.includes('export default definePolicy(')).map(evaluate);
}

function evaluate(block: string): PolicyInput {
  const source = block.replace(/^import .*$/gm, '').replace('export default', 'return');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return new Function('definePolicy', outputText)(definePolicy) as PolicyInput;
}

describe('the policies that documents show', () => {
  it('are in README.md, in every guide of a move, and where sessions are told of', () => {
    expect(guides).toHaveLength(7);
    for (const document of [...guides, 'docs/how-to/sessions.md', 'README.md']) {
      expect(policiesIn(document), document).toHaveLength(1);
    }
  });

  it.each([...guides, 'docs/how-to/sessions.md', 'README.md'])(
    '%s: compiles, and without a warning',
    (document) => {
      for (const policy of policiesIn(document)) {
        expect(problemsOf(policy)).toEqual([]);
        expect(policyWarnings(policy)).toEqual([]);
      }
    },
  );
});

describe('the sessions of docs/how-to/sessions.md', () => {
  it('are people by what the endpoint answers, and an administrator by the role in it', async () => {
    const [policy] = policiesIn('docs/how-to/sessions.md');
    if (policy === undefined) throw new Error('no policy');
    const page = () => new Response('', { headers: { 'cache-control': 'private, max-age=60' } });
    const edge = await testEdge(policy, { origin: page });
    const member = { as: { sub: '42', role: 'member' } };
    await edge.fetch('/account/orders', member);
    expect((await edge.fetch('/account/orders', member)).headers.get('x-cache')).toBe('HIT');
    expect((await edge.fetch('/reports/2026', member)).status).toBe(403);
    expect((await edge.fetch('/reports/2026', { as: { sub: '1', role: 'admin' } })).status).toBe(200);
    expect((await edge.fetch('/account/orders')).status).toBe(401);
  });
});

describe('a page that no route of a guide names', () => {
  it.each([
    ['docs/migrate/nextjs-middleware.md', '/settings'],
    ['docs/migrate/vcl.md', '/profile'],
  ])('%s: %s keeps the session of who has one, and is never stored for others', async (document, page) => {
    const [policy] = policiesIn(document);
    if (policy === undefined) throw new Error('no policy');
    const edge = await testEdge(policy, {
      origin: ({ headers }) =>
        new Response(headers.get('cookie') ?? 'nobody', {
          headers: { 'cache-control': 'max-age=300', 'content-type': 'text/plain' },
        }),
    });
    const headers = { 'fastly-ssl': '1' };
    const asked = async (cookie?: string) =>
      (
        await edge.fetch(page, { headers: { ...headers, ...(cookie === undefined ? {} : { cookie }) } })
      ).text();
    for (const cookie of ['session=alice', 'session=bob', 'PHPSESSID=carol'])
      expect(await asked(cookie)).toBe(cookie);
    expect(await asked()).toBe('nobody');
    expect(await asked('_ga=1')).toBe('nobody');
    expect(edge.logs.at(-1)).toMatchObject({ lane: 'public', state: 'HIT' });
  });
});

function problemsOf(policy: PolicyInput): unknown {
  try {
    return compilePolicy(policy) && [];
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
}
