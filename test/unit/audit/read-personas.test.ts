import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPersonas } from '../../../cli/audit/read-personas.ts';
import { CliError } from '../../../cli/base/cli-error.ts';
import type { World } from '../../../cli/base/world.ts';
import { policy } from '../support/pipeline.ts';

const TOKEN = 'SECRETheader.SECRETpayload.SECRETsignature';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-users-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(content: unknown, env: World['env'] = {}) {
  writeFileSync(
    path.join(folder, 'users.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return readPersonas('users.json', { cwd: folder, env } as World, policy);
}

function faultOf(content: unknown): string {
  try {
    read(content);
  } catch (error) {
    if (error instanceof CliError) return `${error.code} ${error.message} ${error.fix}`;
  }
  return 'none';
}

const alice = (changes: object = {}) => ({ users: [{ name: 'alice', token: TOKEN, ...changes }] });

describe('users.json', () => {
  test('a credential is itself, in a file beside it, or in the environment', () => {
    writeFileSync(path.join(folder, 'bob.token'), `${TOKEN}\n`);
    const { personas } = read(
      {
        users: [
          { name: 'alice', token: TOKEN, second: { tokenEnv: 'ALICE_AGAIN' } },
          { name: 'bob', tokenFile: 'bob.token', header: 'X-Token' },
          { name: 'carol', cookieEnv: 'CAROL' },
        ],
      },
      { ALICE_AGAIN: 'opaque-token', CAROL: `theme=dark; session=${TOKEN}` },
    );
    expect(personas.users.map(({ credential, second, jwt }) => [credential, second, jwt])).toEqual([
      [{ authorization: `Bearer ${TOKEN}` }, { authorization: 'Bearer opaque-token' }, TOKEN],
      [{ 'x-token': TOKEN }, null, TOKEN],
      [{ cookie: `theme=dark; session=${TOKEN}` }, null, TOKEN],
    ]);
  });

  test('without an editor of its own the audit forges the policy’s session cookie', () => {
    expect(read(alice()).personas.editor.credential).toEqual({ cookie: 'cms_session=claimcache-audit' });
    const { editor } = read({ ...alice(), editor: { cookie: 'cms_session=real' } }).personas;
    expect(editor.credential).toEqual({ cookie: 'cms_session=real' });
  });

  test.each<[string, unknown, string]>([
    ['is no JSON', `{"users": [{"token": "${TOKEN}"`, 'not valid JSON'],
    ['has no users', {}, 'users: is missing'],
    ['names nobody', { users: [] }, 'users: must name at least one user'],
    ['has a misspelt setting', alice({ tokn: TOKEN }), 'users[0].tokn: there is no such setting'],
    ['has a token that is none', alice({ token: [TOKEN] }), 'users[0].token: must be string'],
    ['has no credential', { users: [{ name: 'alice' }] }, 'alice: exactly one of token, tokenFile'],
    ['has two credentials', alice({ cookie: 'a=b' }), 'alice: exactly one of'],
    ['has a token with a line in it', alice({ token: `${TOKEN}\nx` }), 'alice.token: holds a space'],
    [
      'has a cookie that is none',
      { users: [{ name: 'a', cookie: TOKEN }] },
      'a.cookie: must be the value of a Cookie',
    ],
    [
      'names a file that is not there',
      { users: [{ name: 'a', tokenFile: 'none' }] },
      'a.tokenFile: the file cannot be read',
    ],
    [
      'names a variable that is not there',
      { users: [{ name: 'a', tokenEnv: 'NONE' }] },
      'a.tokenEnv: the environment has no',
    ],
    [
      'uses a name twice',
      {
        users: [
          { name: 'a', token: TOKEN },
          { name: 'a', token: TOKEN },
        ],
      },
      'two are named a',
    ],
    ['uses a name of the audit', { users: [{ name: 'editor', token: TOKEN }] }, 'names of the audit itself'],
    [
      'has a marker that turns up by chance',
      alice({ markers: ['42'] }),
      'users[0].markers[0]: must have at least 6',
    ],
    [
      'has a marker that is part of another',
      {
        users: [
          { name: 'al', token: TOKEN, markers: ['canary-al'] },
          { name: 'alice', token: 'x', markers: ['canary-alice'] },
        ],
      },
      'al.markers[0]: is part of alice.markers[0]',
    ],
    [
      'refreshes a token by itself',
      alice({ second: { token: TOKEN } }),
      'alice.second: is the same credential',
    ],
    [
      'has a group without members',
      { ...alice(), groups: { acme: { markers: ['canary-acme'] } } },
      'groups.acme: no user is in',
    ],
    ['has a path that is none', { ...alice(), paths: ['pages'] }, 'paths[0]: must begin with "/"'],
  ])('a file that %s is refused: where, why, and never what stands there', (_what, content, expected) => {
    const fault = faultOf(content);
    expect(fault).toMatch(/^CLI_INPUT /);
    expect(fault).toContain(expected);
    expect(fault).not.toContain('SECRET');
  });

  test('every fault is told at once', () => {
    const fault = faultOf({ users: [{ name: '', token: 1 }], path: [] });
    expect(fault.match(/\n {2}/g)).toHaveLength(3);
  });
});
