import { Command, InvalidArgumentError, Option } from 'commander';
import { ALGORITHM_NAMES } from '../../src/policy/providers/algorithm-names.ts';
import { CliError } from '../base/cli-error.ts';
import { collect } from '../base/collect.ts';
import { type Call, present } from '../base/command.ts';
import { detect, SOURCES, type SourceKind } from './detect.ts';
import type { Answers } from './draft.ts';
import { todosOf } from './fill-in.ts';
import { importSource } from './import-source.ts';
import { parseJson } from './parse-script.ts';
import { policyText } from './policy-text.ts';
import { askFor, terminalAsk } from './questions.ts';
import { readSource } from './read-source.ts';
import { reportText } from './report-text.ts';
import { staticValue } from './static-value.ts';
import { writePolicy, writeSecrets } from './write-files.ts';

interface ImportOptions extends Omit<Answers, 'without'> {
  readonly from?: SourceKind;
  readonly out?: string;
  readonly force?: boolean;
  readonly cachePolicy?: string[];
  readonly requestPolicy?: string[];
  readonly secrets?: string;
  readonly without?: string[];
  readonly json?: boolean;
}

const WITHOUT = ['functions', 'signatures', 'refusals'];

const EXAMPLES = `
Sources: the JSON of \`aws cloudfront get-distribution-config\`, stellate.config.ts, middleware.ts or proxy.ts of Next.js, a VCL.
The policy goes to stdout, or to --out; what was done, changed and not carried goes to stderr.

Examples:
  claimcache import distribution.json --cache-policy policy.json --out src/policy.ts
  claimcache import stellate.config.ts --issuer https://login.example.com --audience api --secrets .secrets
  claimcache import middleware.ts --token-cookie session > src/policy.ts
  claimcache import main.vcl`;

/**
 * `claimcache import`: a policy from the configuration of another cache.
 *
 * @remarks
 * - It reads the file, and never runs it.
 * - The policy goes to stdout or `--out`, the report to stderr. It overwrites a file only with `--force`, or after a yes on a terminal.
 * - No source has issuer, audience, keys and the token's cookie: they come from options, or it asks on a terminal. What stays open is a `todo('…')`, at which the build and `claimcache check` fail.
 * - Secrets are in neither policy nor report, which name the Secret Store item. `--secrets` saves them.
 * - Access rules that a policy cannot express are TODOs: signed URLs, functions before the cache, `error 403`, `synth(403)`. Put them into own handlers (docs/how-to/handlers.md) or the origin, then import with `--without signatures`, `functions` or `refusals`.
 * - CloudFront and VCL take the first rule that matches, a policy the most specific pattern. The import compares both with the router of the compiled policy. It leaves out a rule that was never reached. Where another rule would win, those paths get a route (`…_first`), or the route that would win passes. It reports what still differs, with a path.
 * - What an entry of the source becomes (when in doubt it passes):
 *   - the same for everybody, without cookies and tokens: public
 *   - nothing is stored: `CachingDisabled`, all headers in the key, `return(pass)`: `lane: 'pass'`
 *   - `Authorization` in the key: a scope; a missing or invalid token passes
 *   - cookies in the key: pass; with `--token-cookie` a scope
 *   - cookies or `Authorization` for the origin, not in the key: pass
 *   - VCL that does not remove cookies; paths that no rule decides: `fallback: 'auto'`
 *   - a pass by address, by host, or in an included file: everything passes
 *   - an expression that no pattern can express: more passes
 *   - a test of a cookie: `cms.cookies`
 *   - a CloudFront behaviour left to the fallback, beside other routes or with its own origin: pass
 *   - Next.js `matcher`: pass, or a scope where the code verifies a JWT; also for data routes below `/_next/data`
 *   - middleware of Auth.js or NextAuth: a scope with `authjs()` (docs/how-to/identity-providers.md)
 *   - Stellate scopes with `jwt`: scopes, with the values of all rules; a claim of a group is `shared`
 *   - Stellate scopes without `jwt`: by `Authorization`: as above; by another header or cookie: `parts`, unverified
 */
export function importCommand(call: Call): Command {
  return new Command('import')
    .description('Write a policy from a configuration of CloudFront, Stellate, Next.js middleware or VCL.')
    .argument('<file>')
    .addOption(
      new Option('--from <source>', 'what the file is of (default: by what stands in it)').choices(SOURCES),
    )
    .option('--out <file>', 'write the policy there (default: stdout)')
    .option('--force', 'overwrite what is there, without a question')
    .option(
      '--cache-policy <file>',
      'CloudFront: a cache policy beside it, unless it is one of AWS; may be repeated',
      collect,
    )
    .option(
      '--request-policy <file>',
      'CloudFront: an origin request policy beside it, unless it is one of AWS; may be repeated',
      collect,
    )
    .option('--issuer <text>', 'the iss of the tokens, or none')
    .option('--audience <text>', 'the aud of the tokens, or none')
    .option('--jwks-url <url>', 'where the keys are')
    .option('--discovery <url>', 'the OpenID issuer that leads to them (default: --issuer)')
    .option(
      '--algorithm <names>',
      'what tokens are signed with, by commas (default: RS256,ES256)',
      algorithms,
    )
    .option('--claim <path>', 'the claim that says who it is (default: sub)')
    .option('--token-cookie <name>', 'the cookie that holds the token')
    .option('--path <pattern>', 'for a cache policy alone: the paths it is for (default: all)')
    .option(
      '--secrets <folder>',
      'write the secrets of the source there, each into a file that you alone can read',
    )
    .option(
      '--without <what>',
      `done elsewhere, and not asked for: ${WITHOUT.join(', ')}; may be repeated`,
      without,
    )
    .option('--json', 'print one JSON document: policy, notes (kind, line, text), todos, secrets')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: ImportOptions) => run(call, file, options));
}

async function run({ world }: Call, file: string, options: ImportOptions): Promise<void> {
  const source = await detect(readSource(file, world.cwd), options.from);
  const besideFiles = [...(options.cachePolicy ?? []), ...(options.requestPolicy ?? [])];
  const beside = await Promise.all(
    besideFiles.map(async (name) => {
      const given = readSource(name, world.cwd);
      return staticValue(await parseJson(given), given.text);
    }),
  );
  let answers: Answers = { ...options, without: new Set(options.without) };
  let imported = importSource(source, beside, answers);
  const open = todosOf(imported.draft.providers).map(({ what }) => what);
  if (open.length > 0 && world.isInTty && world.isErrTty && options.json !== true) {
    const told = await askFor(answers, open, await terminalAsk(world));
    if (told === null)
      throw new CliError(
        'CLI_INTERRUPTED',
        'Nothing was written.',
        'Give the answers as options, or leave them empty.',
      );
    answers = told;
    imported = importSource(source, beside, answers);
  }
  const { draft, notes, secrets, comments } = imported;
  const policy = policyText(draft, comments, file);
  const todos = todosOf(draft).map(({ what }) => what);
  if (options.out !== undefined) await writePolicy(options.out, policy, options.force === true, world);
  const written =
    options.secrets === undefined
      ? []
      : writeSecrets(options.secrets, secrets, options.force === true, world);
  const left = secrets.filter(({ item }) => !written.some((name) => name.endsWith(item)));
  const result = {
    source: source.kind,
    policy,
    notes,
    todos,
    secrets: secrets.map(({ item, line, value }) => ({ item, line, isInSource: value !== null })),
    secretFiles: written,
  };
  present(world, options.json, result, () => (options.out === undefined ? policy : ''));
  if (options.json) return;
  world.err(`${reportText(notes, left, world.colors)}\n`);
  for (const name of written)
    world.err(
      `${name}: a secret. fastly secret-store-entry create --store-id=ID --name=${name.split('/').at(-1)} --file=${name}\n`,
    );
  if (options.out !== undefined)
    world.err(
      `${options.out} is written. Next: ${todos.length > 0 ? 'answer what is to do, then ' : ''}claimcache check\n`,
    );
}

function algorithms(text: string): string {
  const unknown = text.split(',').find((one) => !ALGORITHM_NAMES.some((name) => name === one));
  if (unknown === undefined) return text;
  throw new InvalidArgumentError(`One of ${ALGORITHM_NAMES.join(', ')}, or several with commas.`);
}

function without(text: string, before: string[] = []): string[] {
  if (WITHOUT.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`One of ${WITHOUT.join(', ')}.`);
}
