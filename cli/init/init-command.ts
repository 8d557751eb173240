import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { compilePolicy } from '../../src/policy/compile.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import { type Call, present } from '../base/command.ts';
import { originUrl } from '../dev/origin-url.ts';
import { DEFAULT_ORIGIN, DEFAULT_PERSONAL, pathList } from './answers.ts';
import { collectAnswers, type InitOptions } from './collect-answers.ts';
import { collectSecret } from './collect-secret.ts';
import { type MadeService, makeService } from './make-service.ts';
import { policyInput } from './policy-input.ts';
import { FACTS, type FactName, PROVIDER_NAMES, type ProviderName } from './provider-presets.ts';
import { terminalAsker } from './questions.ts';
import { seenProvider } from './seen-provider.ts';

const EXAMPLES = `
On a terminal it asks for what no option says; elsewhere, and with --yes, what is left out is the usual: an application at ${DEFAULT_ORIGIN}, one
personal path, ${DEFAULT_PERSONAL}. A file that is there is never overwritten without a question.

Examples:
  claimcache init
  claimcache init edge --yes --origin http://localhost:3000 --provider auth0 --domain my.eu.auth0.com --audience https://api.my.app
  printf %s "$JWT_SECRET" | claimcache init edge --yes --provider secret --secret-file - --personal '/api/me,/api/orders/**'`;

/**
 * `claimcache init`: a service of one's own, in a folder.
 *
 * @remarks
 * - It makes `src/policy.ts`, `src/handlers.ts` (docs/how-to/handlers.md), `test/policy.test.ts`, which fails if `scope` is removed from a route (docs/how-to/testing.md), `fastly.toml`, `.github/workflows/edge.yml` (docs/how-to/ci.md) and `.claimcache/`, the secrets and keys of this machine, which git ignores. In `src/index.ts`, `webpack.config.js` and `tsconfig.json` there is nothing to change.
 * - It asks before it overwrites a file; without a terminal it overwrites nothing. An existing `package.json` gets the missing scripts and dependencies.
 * - `--provider secret` is for HS256 tokens of the application itself, `oidc` for any other provider with keys at a URL. With `secret` leave out `--issuer` and `--audience` if the tokens have no `iss` and no `aud`.
 */
export function initCommand(call: Call): Command {
  const command = new Command('init')
    .description('Make a service of your own: policy, tests, fastly.toml, local secrets.')
    .argument('[folder]', 'where to make it', '.')
    .option('--yes', 'ask nothing')
    .option('--origin <url>', 'where your application runs', originUrl)
    .option('--provider <name>', `whose tokens count: ${PROVIDER_NAMES.join(', ')}`, providerName)
    .option('--personal <paths>', 'patterns whose answers belong to one person, with commas', pathList)
    .option('--shared <paths>', 'the same for the members of a group', pathList)
    .option('--shared-claim <claim>', 'which claim names the group, such as org_id')
    .option('--public <paths>', 'the same for everybody', pathList)
    .option('--editors <paths>', "editors' own, never cached", pathList)
    .option('--never <paths>', 'never cached', pathList)
    .option(
      '--secret-file <file>',
      'the secret that your application signs or encrypts with; -: standard input',
    )
    .option('--package <spec>', 'what to depend on, instead of where this command came from')
    .option('--no-install', 'do not run npm install')
    .option('--json', 'print the result as JSON: made, added, kept, secrets; asks nothing')
    .addHelpText('after', EXAMPLES);
  for (const [name, { question, example }] of Object.entries(FACTS)) {
    command.addOption(new Option(`--${flagOf(name)} <text>`, `of the provider: ${question} ${example}`));
  }
  return command.action((folder: string, options: InitOptions) => run(call, folder, options));
}

async function run({ world }: Call, folder: string, options: InitOptions): Promise<void> {
  const isAsked =
    world.isInTty && world.isErrTty && !options.yes && !options.json && options.secretFile !== '-';
  const asker = isAsked ? await terminalAsker() : null;
  const place = path.resolve(world.cwd, folder);
  const seen = seenProvider([world.cwd, place, path.dirname(place)]);
  const answers = await collectAnswers(options, asker, seen);
  const policy = compilePolicy(policyInput(answers));
  const secret = await collectSecret(options.secretFile, policy, asker, world);
  const end = new AbortController();
  const stop = () => end.abort();
  process.once('SIGINT', stop);
  const service = await makeService({
    folder: place,
    answers,
    policy,
    secret,
    spec: options.package ?? null,
    mustInstall: options.install,
    mayOverwrite: async (file) => (await asker?.confirm(`${file} is there already. Overwrite it?`)) ?? false,
    tell: (text) => world.err(`${world.colors.dim(text)}\n`),
    signal: end.signal,
  }).finally(() => process.off('SIGINT', stop));
  present(world, options.json, { ok: true, ...service }, () => summary(service, folder));
}

function summary({ made, added, kept, secrets, notes, isInstalled }: MadeService, folder: string): string {
  const lines = [
    ...made.map((file) => `made    ${file}`),
    ...added.map((file) => `added to ${file} what it lacked`),
    ...secrets.map((file) => `made    ${file}   (this machine only)`),
    ...kept.map((file) => `kept    ${file}, which was there: compare it with what you expect`),
  ];
  const steps = [
    ...(folder === '.' ? [] : [`cd ${folder}`]),
    ...(isInstalled ? [] : ['npm install']),
    'npm start        the service before your application, at http://127.0.0.1:7676',
    'npm test         types, policy, and the promises of test/policy.test.ts',
  ];
  return `${lines.join('\n')}\n\nNow:\n\n${steps.map((step) => `  ${step}\n`).join('')}\n${notes.map((note) => `${note}\n\n`).join('')}`;
}

function providerName(text: string): ProviderName {
  const name = PROVIDER_NAMES.find((known) => known === text.toLowerCase());
  if (name !== undefined) return name;
  throw new InvalidArgumentError(
    `There are ${PROVIDER_NAMES.join(', ')}.${didYouMean(text, PROVIDER_NAMES)}`,
  );
}

/** `userPoolId` -> `user-pool-id`. */
export function flagOf(name: FactName | string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
