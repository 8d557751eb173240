import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { globCovers, globMatches } from '../../../cli/import/glob.ts';
import { policyText } from '../../../cli/import/policy-text.ts';
import { askFor } from '../../../cli/import/questions.ts';
import { cookieNames } from '../../../cli/import/vcl/conditions.ts';
import { root } from '../../../scripts/root.ts';
import { runCli } from '../support/run-cli.ts';
import { ANSWERS, importFixture, importText, policyOf, temporaryFolder } from './support.ts';

const JWT = 'middleware-jwt.ts.txt';

describe('what an import writes', () => {
  it('--out: the policy, which claimcache check compiles as the build does', async () => {
    const { folder, status, stdout } = await importFixture('fastly.vcl', ['--out', 'policy.ts']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    // The package is not installed beside a temporary folder.
    const text = readFileSync(path.join(folder, 'policy.ts'), 'utf8');
    writeFileSync(
      path.join(folder, 'policy.ts'),
      text.replace(/^import .*$/m, 'const definePolicy = (policy) => policy;'),
    );
    writeFileSync(
      path.join(folder, 'fastly.toml'),
      '[local_server.backends.origin]\nurl = "http://127.0.0.1:1"\n',
    );
    const checked = await runCli(['check', '--policy', 'policy.ts', '--json'], { cwd: folder });
    const codes = checked
      .json<{ findings: { level: string; code: string }[] }>()
      .findings.filter(({ level }) => level === 'error')
      .map(({ code }) => code);
    // Whatever is an error is of the manifest, which the import does not write.
    expect(codes.filter((code) => !code.startsWith('MANIFEST_'))).toEqual([]);
  });

  it('a policy with a TODO does not compile for claimcache check, which names it', async () => {
    const { folder } = await importFixture(JWT, ['--out', 'policy.ts']);
    const text = readFileSync(path.join(folder, 'policy.ts'), 'utf8');
    writeFileSync(
      path.join(folder, 'policy.ts'),
      text.replace(/^import .*$/m, 'const definePolicy = (policy) => policy;'),
    );
    const checked = await runCli(['check', '--policy', 'policy.ts'], { cwd: folder });
    expect(checked.status).toBe(3);
    expect(checked.stderr).toContain('policy.ts cannot be read: TODO in the policy: providers.site.audience');
  });

  it('overwrites nothing without --force, or a yes on a terminal', async () => {
    const { folder } = await importFixture('fastly.vcl');
    const file = path.join(folder, 'policy.ts');
    writeFileSync(file, 'mine');
    const again = (options: Parameters<typeof runCli>[1] = {}, ...args: string[]) =>
      runCli(['import', 'fastly.vcl', '--out', 'policy.ts', ...args], { cwd: folder, ...options });
    const terminal = { isInTty: true, isErrTty: true };
    const refused = [
      await again(),
      await again({ ...terminal, ask: async () => '' }),
      await again({ ...terminal, ask: async () => null }),
    ];
    for (const { status, stderr } of refused) {
      expect(status).toBe(2);
      expect(stderr).toContain('policy.ts is there, and was left as it is');
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await again({ ...terminal, ask: async () => 'y' })).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('definePolicy');
    writeFileSync(file, 'mine');
    expect((await again({}, '--force')).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('definePolicy');
  });

  it('--secrets: each in a file that only its owner reads, in a folder that git ignores', async () => {
    const run = await importFixture('stellate.config.ts.txt', [...ANSWERS, '--secrets', '.secrets']);
    const file = path.join(run.folder, '.secrets/idp_secret');
    expect(readFileSync(file, 'utf8')).toBe('a-secret-that-must-not-be-in-the-policy');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(run.folder, '.secrets/.gitignore'), 'utf8')).toBe('*\n');
    expect(run.stderr).toContain(
      'fastly secret-store-entry create --store-id=ID --name=idp_secret --file=.secrets/idp_secret',
    );
    const again = await runCli(['import', 'stellate.config.ts', ...ANSWERS, '--secrets', '.secrets'], {
      cwd: run.folder,
    });
    expect(again.stderr).toContain('is there, and was left as it is');
  });

  it('--json: policy, notes with kind and line, and what is open, in one document', async () => {
    const run = await importFixture(JWT, ['--json']);
    const result = run.json<{
      source: string;
      policy: string;
      notes: { kind: string; line: number }[];
      todos: string[];
    }>();
    expect(result).toMatchObject({
      source: 'nextjs',
      todos: [expect.stringContaining('providers.site.audience')],
    });
    expect(result.policy).toContain('definePolicy');
    expect(new Set(result.notes.map(({ kind }) => kind))).toEqual(
      new Set(['done', 'changed', 'not-carried', 'todo']),
    );
  });
});

describe('the text of the policy', () => {
  it.each([
    ['cloudfront-forwarded-values.json', []],
    ['cloudfront-forwarded-values.json', ANSWERS],
    ['stellate.config.ts.txt', ANSWERS],
    [JWT, []],
    ['varnish-wordpress.vcl', []],
  ])('has the types of a policy: %s %j', async (name, args) => {
    const { folder } = await importFixture(name, [...args, '--out', 'policy.ts']);
    const file = path.join(folder, 'policy.ts');
    const options: ts.CompilerOptions = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      types: [],
      paths: { claimcache: [path.join(root, 'src/policy/define.ts')] },
    };
    const program = ts.createProgram([file], options);
    const source = program.getSourceFile(file);
    const problems = [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)];
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });
});

describe('what it asks', () => {
  it('only for what is open', async () => {
    const asked: string[] = [];
    const answer = async (message: string) => {
      asked.push(message.split(' ')[0] ?? '');
      return ' https://x.example ';
    };
    const without = new Set<string>();
    const todos = ['providers.idp.keys: where', 'providers.idp.issuer: the', 'providers.idp.audience: the'];
    const told = { issuer: 'https://x.example', audience: 'https://x.example', jwksUrl: 'https://x.example' };
    expect(await askFor({ without }, todos, answer)).toMatchObject(told);
    expect(asked).toEqual(['Issuer', 'Audience:', 'URL']);
    asked.length = 0;
    await askFor({ without }, todos.slice(2), answer);
    expect(asked).toEqual(['Audience:']);
    expect(await askFor({ without }, todos, async () => null)).toBeNull();
    expect(await askFor({ without }, todos, async () => '')).toEqual({ without });
  });

  it('on a terminal, by clack; Ctrl-C writes nothing', async () => {
    const keys = (text: string) => {
      const stdin = new PassThrough() as PassThrough & { isTTY: boolean; setRawMode(): void };
      Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
      // One key at a time, when the question is there.
      let i = 0;
      const timer = setInterval(
        () => (i < text.length ? stdin.write(text.charAt(i++)) : clearInterval(timer)),
        20,
      );
      return stdin as unknown as NodeJS.ReadStream;
    };
    const terminal = (stdin: NodeJS.ReadStream) => ({ isInTty: true, isErrTty: true, stdin });
    const run = await importFixture(JWT, ['--out', 'policy.ts'], terminal(keys('api\r')));
    expect(readFileSync(path.join(run.folder, 'policy.ts'), 'utf8')).toContain("audience: 'api'");
    const left = await importFixture(JWT, ['--out', 'policy.ts'], terminal(keys('\u0003')));
    expect(left.status).toBe(130);
    expect(existsSync(path.join(left.folder, 'policy.ts'))).toBe(false);
  });
});

describe('sources that are broken or hostile', () => {
  it.each([
    ['d.json', '{"DistributionConfig":', 'd.json: '],
    ['d.json', '{"a":1}', 'd.json is no configuration that can be imported'],
    ['d.json', '[]', 'd.json is no configuration'],
    ['d.json', `${'['.repeat(100_000)}`, 'nested more than 200 levels deep'],
    [
      'd.json',
      '{"DistributionConfig":{"DefaultCacheBehavior":{"MinTTL":"x"}}}',
      'DistributionConfig.DefaultCacheBehavior.MinTTL (line 1): seconds are expected',
    ],
    [
      'd.json',
      '{"DistributionConfig":{"DefaultCacheBehavior":[]}}',
      'DistributionConfig.DefaultCacheBehavior (line 1): an object is expected',
    ],
    [
      'd.json',
      '{"DistributionConfig":{"DefaultCacheBehavior":{},"CacheBehaviors":{"Items":[{"PathPattern":7}]}}}',
      'CacheBehaviors.Items[0].PathPattern (line 1): a text is expected',
    ],
    ['s.json', '{"originUrl":"javascript:1","rules":[]}', 'originUrl (line 1)'],
    ['s.json', '{"originUrl":"https://a.example/","scopes":{"A":"all"},"rules":[]}', 'scopes.A (line 1)'],
    [
      's.json',
      '{"originUrl":"https://a.example/","rules":[{"types":["a b"],"maxAge":1}]}',
      'rules[0].types (line 1)',
    ],
    ['m.ts', 'export const config = {{', 'm.ts: Unexpected token'],
    ['m.ts', 'export const a = 1;', 'm.ts is no configuration'],
    ['m.ts', `export default ${'('.repeat(50_000)}`, 'nested more than 200 levels deep'],
  ])('%s %.40s', async (name, text, message) => {
    const run = await importText(name, text);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
  });

  it('a file that is too long, no text, or not there', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'long.vcl'), ' '.repeat(3 * 1024 * 1024));
    writeFileSync(path.join(folder, 'bytes.vcl'), Buffer.from([0xff, 0xfe, 0x00]));
    const stderr = async (name: string) => (await runCli(['import', name], { cwd: folder })).stderr;
    expect(await stderr('long.vcl')).toContain('has more than 2097152 bytes');
    expect(await stderr('bytes.vcl')).toContain('is no UTF-8 text');
    expect(await stderr('none.vcl')).toContain('cannot be read');
  });

  it('members with names of prototypes are members like others', async () => {
    const text =
      '{"__proto__":{"x":1},"constructor":1,"DistributionConfig":{"DefaultCacheBehavior":{"CachePolicyId":"constructor"}}}';
    expect((await importText('d.json', text)).stderr).toContain(
      'the cache policy "constructor" is not one of AWS’s own'.replace('’', "'"),
    );
  });

  it('nothing in a source ends a comment or a text of the policy', async () => {
    const glob = "/a'\\n*/;throw 1//\u2028*";
    const text = JSON.stringify({
      DistributionConfig: {
        DefaultCacheBehavior: { CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' },
        CacheBehaviors: {
          Items: [{ PathPattern: glob, CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad' }],
        },
      },
    });
    const run = await importText('d.json', text);
    // A rule that no pattern stands for: what follows passes.
    expect(Object.values(policyOf(run).routes).map(({ lane }) => lane)).toEqual(['pass']);
  });

  it('any text comes back from the policy as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (issuer, comment) => {
        const draft = { origins: { a: { backend: issuer } }, routes: { r: { path: '/' } } };
        const stdout = policyText(draft, new Map([['r', comment]]), comment);
        expect(
          policyOf({ stdout, stderr: '', status: 0, slept: [], json: () => ({}) as never }).origins,
        ).toEqual(draft.origins);
      }),
    );
  });

  it('any text for a VCL is an import or an error, and never public where it has no removal of cookies', async () => {
    const words = fc.constantFrom(
      'sub vcl_recv {',
      'if (req.url ~ "^/a") {',
      '}',
      'return(pass);',
      '(',
      ')',
      '!',
      '"',
      '{"',
      '/*',
      'else',
      ';',
      'set beresp.ttl = 1h;',
      '#x\n',
      'hash_data(req.http.X);',
      '&&',
      '||',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 25 }), async (parts) => {
        const run = await importText('main.vcl', parts.join(' '));
        expect([0, 2, 3]).toContain(run.status);
        if (run.status !== 0) return;
        expect(run.stdout).not.toContain("lane: 'public'");
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('globs', () => {
  it('match as their expression does, in any case', () => {
    const piece = fc.constantFrom('a', 'b', '/', '*', '?', '.');
    const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 7 }).map((list) => list.join('')),
        text,
        (glob, path) => {
          const regex = new RegExp(
            `^${glob.replace(/[.]/g, '\\.').replace(/\*/g, '[^]*').replace(/\?/g, '[^]')}$`,
          );
          expect(globMatches(glob, path)).toBe(regex.test(path));
        },
      ),
    );
  });

  it('one that covers another matches whatever that does', () => {
    const glob = fc
      .array(fc.constantFrom('a', 'b', '/', '*', '?'), { maxLength: 6 })
      .map((list) => list.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 6 }).map((list) => list.join(''));
    fc.assert(
      fc.property(glob, glob, text, (outer, inner, path) => {
        if (globCovers(outer, inner) && globMatches(inner, path)) expect(globMatches(outer, path)).toBe(true);
      }),
    );
  });
});

it.each([
  ['session=|cms_session=', ['*session', '*cms_session']],
  ['(^|;\\s*)session=', ['session']],
  ['(?:^|;\\s*)(session|sid)=', ['session', 'sid']],
  ['(^|;\\s*)session=|other', ['*session', '*other*']],
  ['wordpress_logged_in_[^=]+=', ['*wordpress_logged_in_*']],
  ['wordpress_logged_in|PHPSESSID', ['*wordpress_logged_in*', '*PHPSESSID*']],
  ['(SESS[a-z0-9]+|NO_CACHE)', ['*SESS*', '*NO_CACHE*']],
  ['(?i)session', null],
  ['.*', null],
])('the expression %s over cookies is %j', (regex, names) => {
  expect(cookieNames(regex)).toEqual(names);
});
