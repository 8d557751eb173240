import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './support/run-cli.ts';

const section = (id: number, ...body: number[]) => [id, body.length, ...body];
const text = (value: string) => [value.length, ...Buffer.from(value)];
/** `func (i32) -> i32`, imported as `close` from a module of the host and exported as `ask`; a memory of one page. */
const service = (host: string) =>
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7f),
    ...section(2, 1, ...text(host), ...text('close'), 0, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...text('memory'), 2, 0, ...text('ask'), 0, 0),
  ]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-local-cache-'));
  mkdirSync(path.join(folder, 'bin'));
  writeFileSync(path.join(folder, 'bin/main.wasm'), service('fastly_http_cache'));
  writeFileSync(path.join(folder, 'other.wasm'), service('fastly_cache'));
  writeFileSync(path.join(folder, 'text.wasm'), 'no module');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: string[]) => runCli(['local-cache', ...argv], { cwd: folder });

describe('claimcache local-cache', () => {
  test('writes the service with its host calls answered inside, and leaves nothing else behind', async () => {
    const { status, stdout } = await run('bin/main.wasm', 'bin/local.wasm', '--json');
    expect(status).toBe(0);
    const file = path.join(folder, 'bin/local.wasm');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, file, bytes: readFileSync(file).length });
    const module = await WebAssembly.compile(readFileSync(file));
    const hosts = WebAssembly.Module.imports(module).map((one) => one.module);
    expect(hosts).toContain('fastly_cache');
    expect(hosts).not.toContain('fastly_http_cache');
    expect(readdirSync(path.join(folder, 'bin')).sort()).toEqual(['local.wasm', 'main.wasm']);
  }, 300_000);

  test('gives each of two services with the same code its own data', async () => {
    for (const word of ['first', 'other']) {
      const data = section(11, 1, 0, 0x41, 0, 0x0b, ...text(word));
      writeFileSync(
        path.join(folder, 'bin/data.wasm'),
        Uint8Array.from([...service('fastly_http_cache'), ...data]),
      );
      expect((await run('bin/data.wasm', 'bin/data.local.wasm')).status).toBe(0);
      const module = await WebAssembly.compile(readFileSync(path.join(folder, 'bin/data.local.wasm')));
      const hosts = WebAssembly.Module.imports(module).map((one) => one.module);
      expect(hosts).not.toContain('fastly_http_cache');
      expect(readFileSync(path.join(folder, 'bin/data.local.wasm')).includes(word)).toBe(true);
    }
    for (const name of ['data.wasm', 'data.local.wasm']) rmSync(path.join(folder, 'bin', name));
  }, 300_000);

  test.each([
    ['a file that is not there', 'missing.wasm', 'out.wasm', 'There is no missing.wasm.'],
    ['what is no module', 'text.wasm', 'out.wasm', 'is no WebAssembly module'],
    [
      'a service that does not ask for the cache',
      'other.wasm',
      'out.wasm',
      'does not ask for the HTTP cache',
    ],
    ['the input as the output', 'other.wasm', './other.wasm', 'a deploy would take it'],
    ['the file that a deploy takes as the output', 'other.wasm', 'bin/main.wasm', 'a deploy would take it'],
  ])('refuses %s', async (_, input, output, message) => {
    const { status, stderr } = await run(input, output);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'other.wasm', 'text.wasm']);
  });
});
