import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { startEdge } from '../support/start-edge.ts';
import { IDLE_SERVICE } from './support/idle-service.ts';

it('a server that took the port first is not taken for the edge: another port is', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-start-'));
  const wasm = path.join(folder, 'idle.wasm');
  writeFileSync(wasm, IDLE_SERVICE);
  const stranger = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  const ports = [port, await freePort()];
  try {
    const choosePort = async () => ports.shift() ?? freePort();
    const edge = await startEdge({ originUrl: 'http://127.0.0.1:9', wasm, engine: 'core', choosePort });
    expect(edge.url).not.toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(`${edge.url}/.edge/health`)).text()).not.toContain('ok');
    await edge.stop();
    // Where no other port is to be had, that is what the test is told.
    const always = startEdge({
      originUrl: 'http://127.0.0.1:9',
      wasm,
      engine: 'core',
      choosePort: async () => port,
    });
    await expect(always).rejects.toThrow(/has ended before it answered[\s\S]*Address already in use/i);
  } finally {
    stranger.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
