import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
/** A policy of a user, in memory, beside the real types. */
const FILE = path.join(root, 'src/policy/a-users-policy.ts');
const OPTIONS: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  ).options,
  types: [],
};

const HEAD = "import { definePolicy } from './define.ts';\n";
const BASE = `
  origins: { app: { backend: 'origin' }, media: { backend: 'media' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k' } } },
`;
const SCOPES = "scopes: { user: { claims: 'sub' }, team: { claims: 'team', shared: true } },";

function programOf(source: string): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => path.resolve(file) === FILE || fileExists(file);
  host.readFile = (file) => (path.resolve(file) === FILE ? source : readFile(file));
  host.getSourceFile = (file, ...rest) =>
    path.resolve(file) === FILE
      ? ts.createSourceFile(file, source, rest[0])
      : getSourceFile.call(host, file, ...rest);
  return ts.createProgram([FILE], OPTIONS, host);
}

/** What the compiler says, as `tsc` prints it, of each policy: by the line that it stands on. */
function messagesOf(policies: readonly string[]): string[][] {
  const source = `${HEAD}${policies.map((policy) => `definePolicy({ ${policy.replace(/\s+/g, ' ')} });`).join('\n')}\n`;
  const program = programOf(source);
  const file = program.getSourceFile(FILE);
  const said = policies.map((): string[] => []);
  for (const { start = 0, messageText } of ts.getPreEmitDiagnostics(program, file)) {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
    said[line - 1]?.push(ts.flattenDiagnosticMessageText(messageText, '\n'));
  }
  return said;
}

const route = (text: string, more = SCOPES) => `${BASE} ${more} routes: { a: { path: '/a', ${text} } }`;

const REFUSED: readonly (readonly [statement: string, policy: string, ...said: string[]])[] = [
  ['an unknown scope', route("scope: 'usr'"), `"usr"`, `"user" | "team"`, `Did you mean '"user"'?`],
  ['a scope where there is none', route("scope: 'user'", ''), 'The policy has no scopes.'],
  ['an unknown origin', route("origin: 'x'"), `"x"`, `"app" | "media"`],
  [
    'an unknown provider of a scope',
    `${BASE} scopes: { user: { claims: 'sub', providers: ['nope'] } }, routes: {}`,
    `"nope"`,
    `"app"`,
  ],
  [
    'a provider where there is none',
    "origins: { app: { backend: 'o' } }, scopes: { user: { claims: 'sub', providers: ['app'] } }, routes: {}",
    'The policy has no providers.',
  ],
  [
    'an unknown provider of an editor’s cookie',
    `${BASE} cms: { cookies: [{ name: 'a', provider: 'nope' }] }, routes: {}`,
    `"nope"`,
    `"app"`,
  ],
  [
    'an unknown scope of revocations',
    `${BASE} ${SCOPES} revocation: { scopes: ['usr'] }, routes: {}`,
    `"usr"`,
    `"user" | "team"`,
  ],
  ['a misspelt setting', `${BASE} orgins: {}, routes: {}`, `'orgins'`, `Did you mean to write 'origins'?`],
  ['a misspelt setting of a route', route("scop: 'user'"), `'scop'`, 'does not exist'],
  ['a misspelt setting within a route', route('ttlSeconds: { defualt: 5 }'), `'defualt'`, `'default'`],
  [
    'a misspelt setting of keys',
    "origins: { app: { backend: 'o' } }, providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', itme: 'k' } } }, routes: {}",
    `'itme'`,
  ],
  ['a misspelt limit', `${BASE} limits: { urlByte: 1 }, routes: {}`, `'urlByte'`, `'urlBytes'`],
  ['an algorithm that is none', `${BASE.replace('HS256', 'HS255')} routes: {}`, `"HS255"`, `"HS256"`],
  [
    'a scope and a lane',
    route("scope: 'user', lane: 'public'"),
    'A route has a scope or a lane, not both: remove one.',
  ],
  [
    'a time to live of what is never stored',
    route("scope: 'user', cache: false, ttlSeconds: 5"),
    'Nothing of this route is ever stored',
  ],
  [
    'another time of what is never stored',
    route("scope: 'user', cache: false, browserTtlSeconds: 5"),
    'Nothing of this route is ever stored',
  ],
  ['a time to live of a pass', route("lane: 'pass', ttlSeconds: 5"), 'Nothing of this route is ever stored'],
  ['cache: false without a scope', route('cache: false'), `'scope' is missing`],
];

const GOOD: readonly (readonly [statement: string, policy: string])[] = [
  ['a public route', route('ttlSeconds: 5, stripSetCookie: true')],
  ['a route that passes', route("lane: 'pass', passLimit: false", `${SCOPES} passLimit: { count: 5 },`)],
  ['a scoped route', route("scope: 'user', ttlSeconds: { max: 5 }, cache: true, origin: 'media'")],
  ['a sensitive route', route("scope: 'team', cache: false, onMissing: 'pass'")],
  ['no scopes and no providers', "origins: { app: { backend: 'o' } }, routes: { a: { path: '/a' } }"],
  [
    'a scope without a token',
    `${BASE} scopes: { key: { parts: [{ header: 'x-key' }], providers: [] } }, routes: {}`,
  ],
  [
    'a policy made of another',
    `...definePolicy({ ${BASE} ${SCOPES} routes: { a: { path: '/a', scope: 'user' } } }), limits: { retries: 0 }`,
  ],
];

describe('the types of a policy', () => {
  const said = messagesOf([...REFUSED, ...GOOD].map(([, policy]) => policy));

  it.each(REFUSED.map(([statement, , ...parts], i) => [statement, i, parts] as const))(
    'refuse %s, and say what would be right',
    (_, i, parts) => {
      expect(said[i]).toHaveLength(1);
      for (const part of parts) expect(said[i]?.[0]).toContain(part);
    },
  );

  it.each(GOOD.map(([statement], i) => [statement, REFUSED.length + i] as const))('take %s', (_, i) => {
    expect(said[i]).toEqual([]);
  });

  it.each([
    ['scopes', `${BASE} ${SCOPES} routes: { a: { path: '/a', scope: '|' } }`, ['team', 'user']],
    ['origins', `${BASE} ${SCOPES} routes: { a: { path: '/a', origin: '|' } }`, ['app', 'media']],
    ['providers', `${BASE} scopes: { user: { claims: 'sub', providers: ['|'] } }, routes: {}`, ['app']],
  ])('offer the %s that there are', (_, policy, names) => {
    const marked = `${HEAD}definePolicy({ ${policy} });\n`;
    const at = marked.indexOf("'|'") + 1;
    const source = marked.replace("'|'", "''");
    const service = ts.createLanguageService({
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [FILE],
      getScriptVersion: () => '1',
      getScriptSnapshot: (file) => {
        const text = path.resolve(file) === FILE ? source : ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (file) => path.resolve(file) === FILE || ts.sys.fileExists(file),
      readFile: (file) => (path.resolve(file) === FILE ? source : ts.sys.readFile(file)),
    });
    const entries = service.getCompletionsAtPosition(FILE, at, undefined)?.entries ?? [];
    expect(entries.map(({ name }) => name).sort()).toEqual(names);
  });

  it('cost little: a policy of a hundred routes is soon checked', () => {
    const count = (routes: number) => {
      const many = Array.from(
        { length: routes },
        (_, i) =>
          `r${i}: { path: '/r${i}/:id', scope: '${i % 2 ? 'user' : 'team'}', origin: 'app', ttlSeconds: { max: ${i} } },`,
      );
      const program = programOf(
        `${HEAD}export default definePolicy({ ${BASE} ${SCOPES} routes: { ${many.join('\n')} } });\n`,
      );
      expect(ts.getPreEmitDiagnostics(program, program.getSourceFile(FILE))).toEqual([]);
      return program.getInstantiationCount();
    };
    // Counted, not timed: the count is the same on every machine. It was some 120 for each route.
    expect(count(100) - count(1)).toBeLessThan(30_000);
  });
});
