import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { surrogateKey } from '../../../src/keys/surrogate-key.ts';
import { type FastlyApi, startFastlyApi } from '../../cli/support/fastly-api.ts';
import { run } from '../../cli/support/terminal.ts';

const guide = readFileSync(
  path.resolve(import.meta.dirname, '../../../docs/how-to/purge-from-your-back-end.md'),
  'utf8',
);

/** The only block of that language in the guide, as it stands there. */
function snippet(language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}

/** Reads one `[scope, …values]` a line, purges all of their keys in one call, and prints each key. */
interface Language {
  readonly name: string;
  readonly command: readonly string[];
  readonly version: readonly string[];
  readonly files: () => Record<string, string>;
}

const LANGUAGES: Language[] = [
  {
    name: 'Node',
    command: [process.execPath, 'main.mjs'],
    version: [process.execPath, '--version'],
    files: () => ({
      'main.mjs': `import { readFileSync } from 'node:fs';\n${snippet('js')}
const keys = readFileSync(0, 'utf8').trim().split('\\n').map((line) => surrogateKey(...JSON.parse(line)));
await purge(...keys);
console.log(keys.join('\\n'));`,
    }),
  },
  {
    name: 'Python',
    command: ['python3', 'main.py'],
    version: ['python3', '--version'],
    files: () => ({
      'main.py': `${snippet('python')}
import sys
keys = [surrogate_key(*json.loads(line)) for line in sys.stdin]
purge(*keys)
print("\\n".join(keys))`,
    }),
  },
  {
    name: 'Go',
    command: ['go', 'run', '.'],
    version: ['go', 'version'],
    files: () => ({
      'go.mod': 'module main\n\ngo 1.21\n',
      'edge.go': snippet('go').replace('package edge', 'package main'),
      'main.go': `package main
import ("bufio"; "encoding/json"; "fmt"; "os")
func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	var keys []string
	for lines.Scan() {
		var order []any
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil { panic(err) }
		keys = append(keys, SurrogateKey(order[0].(string), order[1:]...))
	}
	if err := Purge(keys...); err != nil { panic(err) }
	for _, key := range keys { fmt.Println(key) }
}`,
    }),
  },
  {
    name: 'PHP',
    command: ['php', 'main.php'],
    version: ['php', '--version'],
    files: () => ({
      'main.php': `<?php\n${snippet('php')}
$keys = array_map(fn($line) => surrogate_key(...json_decode($line)), file('php://stdin', FILE_IGNORE_NEW_LINES));
purge(...$keys);
echo implode("\\n", $keys);`,
    }),
  },
  {
    name: 'Ruby',
    command: ['ruby', 'main.rb'],
    version: ['ruby', '--version'],
    files: () => ({
      'main.rb': `${snippet('ruby')}
keys = $stdin.each_line.map { |line| surrogate_key(*JSON.parse(line)) }
purge(*keys)
puts keys`,
    }),
  },
];

/** JSON texts of `[scope, …values]`: what breaks the JSON of some language, the regular expression of another. */
const AWKWARD = [
  ...[
    '',
    '42',
    'a~b',
    '~a',
    '-',
    '.',
    'x'.repeat(64),
    'x'.repeat(65),
    '42\n',
    '\n42',
    ' 42',
    'a b',
    'auth0|abc',
  ],
  ...[
    'é',
    'e\u0301',
    'ß',
    '日本',
    '😀',
    'a\u00a0b',
    '\ufeff',
    '\u200b',
    '\u2028',
    'a\u2029b',
    '\\u2028',
    '\\\\u2029',
  ],
  ...[
    '<b>&amp;</b>',
    'a/b',
    'https://acme.example/u?x=1&y=2',
    '"',
    '\\',
    '"\\"',
    "'",
    '`',
    '$x',
    '#{x}',
    '%s',
    '%41',
  ],
  ...[
    '\u0000',
    '\u0001',
    '\b',
    '\t',
    '\f',
    '\r',
    '\r\n',
    '\u001f',
    '\u007f',
    '\u0080',
    '\\b',
    '\\u0008',
    'true',
  ],
]
  .map((value) => JSON.stringify(['user', value]))
  .concat(
    ['42', '0', '-5', '1.0', '-7.0', '9007199254740991', '-9007199254740991', 'true', 'false'].map(
      (value) => `["user",${value}]`,
    ),
    ['["team","acme","member"]', '["team",7,true]', '["team",1.0,"<é/\\u2028>"]', '["team","a","b","c"]'],
    ['["team","",""]', '["team","42",42]', '["team",false,-1.0,"\\u0008\\u000c\\u001f"]'],
  );

const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 70 }).filter((text) => !/\p{Surrogate}/u.test(text)),
  fc.maxSafeInteger().map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.boolean(),
);
const RANDOM = fc
  .sample(fc.array(scalar, { minLength: 1, maxLength: 4 }), { numRuns: 256 - AWKWARD.length, seed: 7 })
  .map((values) => JSON.stringify(['user', ...values]));
const ORDERS = [...AWKWARD, ...RANDOM];
const EXPECTED = ORDERS.map((line) => {
  const [scope, ...values] = JSON.parse(line) as [string, ...string[]];
  return surrogateKey(scope, values);
});

/** ASCII alone on the way in, so that only the language's own output is at stake. */
const asciiOnly = (line: string) =>
  line.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

let api: FastlyApi;
let folder: string;
beforeAll(async () => {
  api = await startFastlyApi();
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-snippets-'));
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const isInstalled = ([file = '', ...args]: readonly string[]) => spawnSync(file, args).status === 0;

describe('docs/how-to/purge-from-your-back-end.md', () => {
  it('is tried with as many keys as one call may have', () => {
    expect(ORDERS).toHaveLength(256);
    expect(new Set(EXPECTED).size).toBeGreaterThan(200);
  });

  for (const { name, command, version, files } of LANGUAGES) {
    const isThere = isInstalled(version);
    const title = `${name}: its keys are those of the edge, and they are purged${isThere ? '' : ` (skipped: ${version[0]} is not installed)`}`;
    it.skipIf(!isThere)(title, { timeout: 180_000 }, async () => {
      for (const [file, text] of Object.entries(files())) writeFileSync(path.join(folder, file), text);
      writeFileSync(path.join(folder, 'orders'), `${ORDERS.map(asciiOnly).join('\n')}\n`);
      api.calls.length = 0;
      api.purgedKeys().length = 0;
      const { status, output } = await run(`${command.map((part) => `'${part}'`).join(' ')} < orders`, {
        cwd: folder,
        env: {
          ...process.env,
          FASTLY_API_ENDPOINT: api.url,
          FASTLY_API_TOKEN: api.token,
          FASTLY_SERVICE_ID: api.serviceId,
          // Nothing but the language's own library.
          GOPROXY: 'off',
          GOTOOLCHAIN: 'local',
        },
      });
      expect(status, output).toBe(0);
      expect(output.trim().split('\n')).toEqual(EXPECTED);
      expect(api.calls).toHaveLength(1);
      expect(api.purgedKeys()).toEqual(EXPECTED);
      expect(api.breaches).toEqual([]);
    });
  }
});
