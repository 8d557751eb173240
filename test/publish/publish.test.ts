import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asksForHttpCache } from '../../cli/local-cache/wasm-module.ts';
import type { Service, Version } from '../cli/support/fastly/services.ts';
import { type FastlyApi, startFastlyApi } from '../cli/support/fastly-api.ts';
import { type ClosedDoor, fastlyEnv, startClosedDoor } from '../cli/support/fastly-env.ts';
import { type Run, run, TERMINAL_MISSING, type Typist } from '../cli/support/terminal.ts';
import { copyProject, type Project } from './support/project.ts';

/** `npm run deploy` with the real `fastly` command, as it stands in the manifest, up to Fastly's API. */
let api: FastlyApi;
let door: ClosedDoor;
let project: Project;

beforeAll(async () => {
  [api, door] = await Promise.all([startFastlyApi(), startClosedDoor()]);
  api.services.clear();
  api.stores.length = 0;
  project = copyProject();
});
afterAll(async () => {
  project?.remove();
  await Promise.all([api?.stop(), door?.stop()]);
});

const SECRETS: Record<string, string> = {
  app_hs256: 'typed-signing-key-of-at-least-32-bytes',
  operator_token: 'typed-operator-token',
  fingerprint_key: 'typed-fingerprint-key',
  origin_secret: 'typed-origin-secret',
};

/** Somebody who takes every default, and types the secrets. The order of the questions differs from run to run. */
const asked: string[] = [];
const person: Typist = (printed) => {
  const question = /([^\n]*(?:\[[^\n]*\]|Value:)) $/.exec(printed)?.[1]?.trim();
  if (question === undefined) return null;
  const [, secret] = /Secret Store entry called '(\w+)'(?![\s\S]*called)/.exec(printed) ?? [];
  asked.push(secret ?? question);
  if (secret !== undefined) return SECRETS[secret] ?? 'unexpected';
  return question.startsWith('Create new service') ? 'y' : '';
};

function type(command: string, typist?: Typist): Promise<Run> {
  const env = fastlyEnv(api, door, project.folder);
  return run(command, { cwd: project.folder, env, ...(typist === undefined ? {} : { typist }) });
}

const deploy = (flags: string, typist?: Typist) => type(`npm run deploy -- ${flags}`, typist);

const service = () => [...api.services.values()][0] as Service;
const active = () => service().versions.find((version) => version.active) as Version;
const called = () => api.calls.map(({ method, path: at }) => `${method} ${at.split('?')[0]}`);

describe.skipIf(TERMINAL_MISSING)(`npm run deploy${TERMINAL_MISSING}`, () => {
  it('without a terminal makes no service whose secrets nobody has typed, and leaves nothing behind', async () => {
    const { status, output } = await deploy('--non-interactive');
    expect(output).toContain('value cannot be blank');
    expect(status).toBe(1);
    expect(api.services.size).toBe(0);
    expect(api.stores).toEqual([]);
    expect(api.breaches).toEqual([]);
    expect(readFileSync(path.join(project.folder, 'fastly.toml'), 'utf8')).not.toMatch(/service_id = "[^"]/);
  });

  it('asks on a first run for backend, secrets and stores, and activates version 1', async () => {
    api.calls.length = 0;
    const { status, output } = await deploy('', person);
    expect(status, output).toBe(0);
    expect(api.breaches).toEqual([]);
    expect(asked.map((question) => question.replace(/\[[\w-]+\.edgecompute\.app\]/, '[…]')).sort()).toEqual([
      'Create new service: [y/N]',
      'Domain: […]',
      'Hostname or IP address: [origin.example.com]',
      'Port: [443]',
      'Service name: [claimcache]',
      'Value: [auto]',
      'Value: [{"keys":[]}]',
      'app_hs256',
      'fingerprint_key',
      'operator_token',
      'origin_secret',
    ]);
    expect(service()).toMatchObject({ name: 'claimcache', type: 'wasm' });
    expect(active()).toMatchObject({ number: 1, locked: true });
    expect(active().domains).toHaveLength(1);
    expect(active().backends).toMatchObject([
      { name: 'origin', address: 'origin.example.com', port: '443', override_host: 'origin.example.com' },
    ]);
    // Nothing can make the log endpoint in general: it says which one is missing.
    expect(output).toMatch(/log endpoints to be created\.\s+Name: claimcache/);
    expect(output).toContain('Deployed package');
    const written = readFileSync(path.join(project.folder, 'fastly.toml'), 'utf8');
    for (const secret of Object.values(SECRETS)) expect(output + written).not.toContain(secret);
  });

  it('has made every store with what it needs, and linked it to the version by the name that the policy uses', () => {
    const links = active().resources.map(({ name, resource_id }) => {
      const store = api.stores.find(({ id }) => id === resource_id);
      return [name, store?.kind, Object.fromEntries(store?.items ?? [])];
    });
    expect(links.sort()).toEqual([
      ['claimcache_config', 'config', { cache_engine: 'auto', partner_jwks: '{"keys":[]}' }],
      ['claimcache_revocations', 'kv', {}],
      ['claimcache_secrets', 'secret', SECRETS],
    ]);
  });

  it('has published the manifest and the service, and nothing else; no local key is in either', async () => {
    const { output } = await type('npx fastly compute validate');
    expect(output).toContain('Validated package');
    const { files, sizeBytes, manifest } = active().package as NonNullable<Version['package']>;
    expect([...files.keys()].sort()).toEqual(['claimcache/bin/main.wasm', 'claimcache/fastly.toml']);
    expect(manifest).toMatchObject({ name: 'claimcache', language: 'other' });
    expect(sizeBytes).toBeLessThan(20_000_000);
    // The local readthrough cache would answer this by itself.
    expect(asksForHttpCache(files.get('claimcache/bin/main.wasm') ?? Buffer.alloc(0))).toBe(true);

    const secrets = localSecrets();
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    for (const bytes of files.values())
      expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
  });

  it('keeps a manifest that the local server can use', () => {
    const manifest = readFileSync(path.join(project.folder, 'fastly.toml'), 'utf8');
    expect(manifest).toContain(`service_id = "${service().id}"`);
    for (const name of ['claimcache_revocations', 'claimcache_secrets', 'claimcache_config']) {
      expect(manifest).toMatch(new RegExp(`\\[local_server\\.\\w+\\.${name}\\]`));
    }
  });

  it('on a second run clones the active version, puts the new package there, and activates it', async () => {
    api.calls.length = 0;
    const before = active().package?.filesHash;
    appendFileSync(path.join(project.folder, 'service/policy.ts'), '\nexport const secondRelease = 2;\n');
    const { status, output } = await deploy('--non-interactive --comment "second release"');
    expect(status, output).toBe(0);
    expect(api.breaches).toEqual([]);
    const at = `/service/${service().id}/version`;
    expect(called().filter((line) => /^(PUT|POST|PATCH|DELETE)/.test(line))).toEqual([
      `PUT ${at}/1/clone`,
      `PUT ${at}/2/package`,
      `PUT ${at}/2`,
      `PUT ${at}/2/activate`,
    ]);
    expect(service().versions).toMatchObject([
      { number: 1, active: false, locked: true },
      { number: 2, active: true, locked: true, comment: 'second release' },
    ]);
    expect(active().package?.filesHash).not.toBe(before);
    expect(active().resources).toHaveLength(3);
  });

  it('is followed by `fastly compute deploy`, which sends no package twice', async () => {
    // A build gives other bytes each time, so that only a package built once can be found identical.
    const { status, output } = await type('npx fastly compute deploy --non-interactive');
    expect(status, output).toBe(0);
    expect(output).toContain('identical');
    expect(service().versions).toHaveLength(2);
  });

  it('puts the very package on another service, whose stores are its own', async () => {
    const [domains, backends, resources] = [active().domains, active().backends, active().resources];
    const version = { number: 7, active: true, locked: true, comment: '', package: null };
    const staging: Service = {
      id: 'StagingService',
      name: 'staging',
      type: 'wasm',
      versions: [{ ...version, domains, backends, resources: resources.slice(1) }],
    };
    api.services.set(staging.id, staging);
    const { status, output } = await type(
      `FASTLY_SERVICE_ID=${staging.id} npx fastly compute deploy --non-interactive --package=pkg/claimcache.tar.gz`,
    );
    expect(status, output).toBe(0);
    expect(api.breaches).toEqual([]);
    expect(staging.versions.map(({ number, active: isActive }) => [number, isActive])).toEqual([
      [7, false],
      [8, true],
    ]);
    expect(staging.versions[1]?.package?.filesHash).toBe(active().package?.filesHash);
    expect(staging.versions[1]?.resources).toHaveLength(2);
  });

  it('does not publish a policy that is not valid', async () => {
    const policy = path.join(project.folder, 'service/policy.ts');
    const unsafe = readFileSync(policy, 'utf8').replace("algorithms: ['HS256']", "algorithms: ['none']");
    writeFileSync(policy, unsafe);
    api.calls.length = 0;
    const { status, output } = await deploy('--non-interactive');
    expect(status).not.toBe(0);
    expect(output).toContain('POLICY_ALGORITHM');
    expect(called().filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('asks nothing of the real API on the way', () => {
    expect(door.asked.filter((host) => /^(api|accounts)\.fastly\.com/.test(host))).toEqual([]);
  });
});

/** Every secret of `.demo/`, private parts of keys included. */
function localSecrets(): string[] {
  const folder = path.join(project.folder, '.demo');
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    if (!text.startsWith('{')) return [text];
    return text.match(/[\w-]{40,}/g) ?? [];
  });
}
