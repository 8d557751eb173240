import { Command } from 'commander';
import type { JWK } from 'jose';
import { candidateKeys, type KeySet, parseKeySet } from '../../src/identity/key-set.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { pointProblem } from '../../src/policy/providers/key-points.ts';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { EXIT } from '../base/exit-codes.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { readKeyFile } from './read-key-file.ts';

interface ImportOptions {
  readonly json?: boolean;
}

interface CheckOptions {
  readonly policy?: string;
  readonly provider?: string;
  readonly json?: boolean;
}

/** `claimcache keys`: from files to what a store needs, and what a set can verify. */
export function keysCommand(call: Call): Command {
  const keys = new Command('keys').description(
    'Turn keys into what a store needs, and see what they can verify.',
  );
  keys
    .command('import')
    .description('Print the JWKS of PEM files (public key, certificate, private key), JWKs or JWKSs.')
    .argument('<file...>')
    .option('--json', 'the same, as one line')
    .addHelpText(
      'after',
      '\nExample:\n  claimcache keys import public.pem > jwks.json\n  fastly config-store-entry update --upsert --store-id=ID --key=jwks --stdin < jwks.json',
    )
    .action((files: string[], options: ImportOptions) => importKeys(call, files, options));
  keys
    .command('check')
    .description('Tell what each key of a file can verify, and what the policy asks of it.')
    .argument('<file>', 'a JWK or JWKS, as it stands in the store')
    .option('--provider <name>', 'the provider of the policy that uses it')
    .option('--policy <file>', 'default: src/policy.ts of the service')
    .option('--json', 'print the result as JSON')
    .action((file: string, options: CheckOptions) => checkKeys(call, file, options));
  return keys;
}

async function importKeys({ world }: Call, files: readonly string[], options: ImportOptions): Promise<void> {
  const read = await Promise.all(files.map((file) => readKeyFile(file, world.cwd)));
  for (const warning of read.flatMap(({ warnings }) => warnings)) world.err(`warning: ${warning}\n`);
  const set = { keys: read.flatMap(({ keys }) => keys) };
  const broken = parseKeySet(JSON.stringify(set), false)?.refused.find(
    ({ problem }) => problem === 'incomplete',
  );
  if (broken !== undefined) {
    throw new CliError(
      'CLI_INPUT',
      `${files.join(', ')}: a key lacks a member, and can verify nothing (${broken.kid ?? 'without kid'}).`,
      'An RSA key has n and e, an EC key crv, x and y, an OKP key crv and x (RFC 7518 section 6).',
    );
  }
  // Stdout is what goes into the store, whether somebody or something reads it.
  world.out(`${JSON.stringify(set, null, options.json ? 0 : 2)}\n`);
}

async function checkKeys(call: Call, file: string, options: CheckOptions): Promise<void> {
  const { world } = call;
  const { keys, warnings } = await readKeyFile(file, world.cwd);
  const read = parseKeySet(JSON.stringify({ keys }), false);
  if (read === null) throw new CliError('CLI_INPUT', `${file} has no key set.`, 'A JWK, or a JWKS.');
  const set = withoutBadPoints(read);
  const { policy } = await loadPolicy(options.policy, world.cwd);
  const providers = askedOf(set, policy, options.provider);
  const report = {
    keys: set.keys.map(({ id, algorithms, jwk }) => ({ kid: id, kty: jwk.kty, verifies: algorithms })),
    refused: set.refused.map(({ kid, problem, index }) => ({
      kid,
      problem,
      ...(problem === 'incomplete' ? { lacks: lacking(keys[index]) } : {}),
    })),
    providers,
    warnings,
  };
  const isWhole = set.refused.length === 0 && providers.every(({ missing }) => missing.length === 0);
  present(world, options.json, { ok: isWhole, ...report }, () => checkText(report));
  if (!isWhole) call.exit(EXIT.failed);
}

/** Members that a key of its kind has to have (RFC 7518 section 6, RFC 8037 section 2). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};

function lacking(key: JWK | undefined): readonly string[] {
  const required = REQUIRED[key?.kty ?? ''] ?? [];
  return required.filter((member) => typeof key?.[member as keyof JWK] !== 'string');
}

/** The edge looks at a point by itself; here the library has its say as well. */
function withoutBadPoints({ keys, refused }: KeySet): KeySet {
  const bad = keys.flatMap(({ id, jwk }, index) => {
    const problem = pointProblem(jwk);
    return problem === null ? [] : [{ index, kid: id, problem }];
  });
  return {
    keys: keys.filter((_, at) => bad.every(({ index }) => index !== at)),
    refused: [...refused, ...bad],
  };
}

/** For each provider, the algorithms of the policy that no key of the set can verify. */
function askedOf(set: KeySet, { providers }: Policy, wanted: string | undefined) {
  const asked = wanted === undefined ? [] : providers.filter(({ name }) => name === wanted);
  if (wanted !== undefined && asked.length === 0) {
    const names = providers.map(({ name }) => name);
    throw new CliError(
      'CLI_USAGE',
      `The policy has no provider "${wanted}".${didYouMean(wanted, names)}`,
      `Providers: ${names.join(', ') || 'none'}.`,
    );
  }
  return asked.map(({ name, algorithms }) => ({
    provider: name,
    algorithms,
    missing: algorithms.filter((algorithm) => candidateKeys(set, algorithm, null).length === 0),
  }));
}

function checkText(report: {
  readonly keys: readonly { kid: string | null; kty: string; verifies: readonly string[] }[];
  readonly refused: readonly { kid: string | null; problem: string; lacks?: readonly string[] }[];
  readonly providers: readonly { provider: string; missing: readonly string[] }[];
  readonly warnings: readonly string[];
}): string {
  const lines = [
    ...report.keys.map(
      ({ kid, kty, verifies }) => `ok       ${kid ?? '(no kid)'}  ${kty}  ${verifies.join(', ')}`,
    ),
    ...report.refused.map(
      ({ kid, problem, lacks = [] }) =>
        `refused  ${kid ?? '(no kid)'}  ${problem}${lacks.length === 0 ? '' : `: it has no ${lacks.join(' and no ')}`}`,
    ),
    ...report.providers.map(({ provider, missing }) =>
      missing.length === 0
        ? `ok       every algorithm of the provider ${provider} has a key`
        : `missing  the provider ${provider} asks for ${missing.join(', ')}, and no key can verify that`,
    ),
    ...report.warnings.map((warning) => `warning  ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}
