import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, unseen } from './support/client.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 && process.platform !== 'win32';

/** What the document says, to the letter, up to the part that is for Fastly's API. */
const recipe = /```sh[^\n]*\n( *openssl req -x509[\s\S]*?)\n *fastly backend update/.exec(
  readFileSync(path.join(root, 'docs/how-to/origins.md'), 'utf8'),
)?.[1];

const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-tls-'));
const file = (name: string) => path.join(folder, name);
let origin: Server;

beforeAll(async () => {
  if (!hasOpenssl) return;
  const run = (script: string) => execFileSync('sh', ['-ec', script], { cwd: folder, stdio: 'pipe' });
  run(recipe ?? 'false');
  // The origin's own, from the same authority for once.
  writeFileSync(file('origin.ext'), 'subjectAltName=DNS:origin.test\n');
  run(`openssl req -newkey rsa:2048 -nodes -subj /CN=origin.test -keyout origin.key -out origin.csr
    openssl x509 -req -in origin.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile origin.ext -out origin.pem`);
  const pem = (name: string) => readFileSync(file(name));
  const tls = { key: pem('origin.key'), cert: pem('origin.pem'), ca: pem('ca.pem') };
  origin = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, ({ socket }, response) => {
    response.end((socket as TLSSocket).getPeerCertificate().subject.CN);
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
});
afterAll(() => {
  origin?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(hasOpenssl)('an origin that asks who comes', () => {
  let edge: RunningEdge;
  beforeAll(async () => {
    const originUrl = `https://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    const known = { host: 'origin.test', authority: file('ca.pem') };
    const client = { certificate: file('edge.pem'), key: file('edge.key') };
    edge = await startEdge({
      wasm: await buildService({ name: 'web', policy: 'test/edge/policies/web.ts' }),
      originUrl,
      backends: { shop: originUrl },
      tls: { origin: { ...known, client: null }, shop: { ...known, client } },
    });
  });
  afterAll(() => edge?.stop());

  it('lets the edge in with a certificate that was made as the document says', async () => {
    const answer = await ask(edge, null, unseen('/page'), { headers: { host: 'shop.test' } });
    expect(answer).toMatchObject({ status: 200, text: 'edge' });
  });

  it('and nobody without one', async () => {
    expect((await ask(edge, null, unseen('/page'))).status).toBe(502);
  });
});
