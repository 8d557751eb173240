import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/root.ts';
import { buildService } from '../../test/support/build-service.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { startConstantOrigin } from './constant-origin.ts';
import { instructionsOf } from './instructions.ts';

/** Services whose policies have more and more routes: what a request costs there, and what the service weighs. */
export async function growRoutes(counts: readonly number[]): Promise<Record<string, string | number>[]> {
  const mint = await createTokenMint([]);
  const origin = await startConstantOrigin();
  const authorization = `Bearer ${await mint.issue('HS256', 'u42')}`;
  const rows = [];
  for (const count of counts) {
    const wasm = await buildService({ name: `bench-routes-${count}`, policy: policyWith(count) });
    const last = `/area-${Math.floor((count - 1) / 10)}`;
    const instructions = await instructionsOf(
      { originUrl: origin.url, wasm, secrets: { test_hmac: mint.secret } },
      {
        'public, first route': { path: '/area-0/0/page', headers: async () => ({}) },
        'public, last route': { path: `${last}/8/page`, headers: async () => ({}) },
        'scoped, last route': { path: `${last}/mine/7`, headers: async () => ({ authorization }) },
        'public, no route': { path: '/nowhere/page', headers: async () => ({}) },
      },
    );
    rows.push({
      routes: count,
      ...instructions,
      'wasm, MB': (statSync(wasm).size / 1e6).toFixed(1),
    });
  }
  await origin.stop();
  return rows;
}

/** Nine public patterns and a personal one in each of `count / 10` areas. */
function policyWith(count: number): string {
  const routes = Array.from({ length: count }, (_, i) => {
    const area = `/area-${Math.floor(i / 10)}`;
    return i % 10 === 9
      ? `r${i}: { path: '${area}/mine/:id', scope: 'user' }`
      : `r${i}: { path: '${area}/${i % 10}/:slug', lane: 'public' }`;
  });
  const file = `build/bench/routes-${count}.ts`;
  mkdirSync(path.join(root, 'build/bench'), { recursive: true });
  writeFileSync(
    path.join(root, file),
    `import { definePolicy } from '../../src/policy/define.ts';
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    hmac: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
      issuer: 'https://hmac.test',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    ${routes.join(',\n    ')}
  },
});
`,
  );
  return file;
}
