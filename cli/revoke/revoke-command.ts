import { Command } from 'commander';
import { type Revocable, revocationEntry } from '../../src/keys/revocation-entry.ts';
import { surrogateKey } from '../../src/keys/surrogate-key.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { RevocationRule } from '../../src/policy/revocation-rule.ts';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { operatorEndpoint } from '../base/operator.ts';
import { sendWithRetry } from '../base/retry.ts';
import { serviceAnswer } from '../base/service-answer.ts';
import { withServiceOptions } from '../base/service-options.ts';
import type { World } from '../base/world.ts';
import { fastlyApi, succeeded } from '../fastly/api.ts';
import { fastlySink } from '../purge/fastly-sink.ts';
import { argumentValue } from '../purge/parse-value.ts';
import { writeKvEntry } from './kv-store.ts';

interface RevokeOptions {
  readonly tokenId?: string;
  readonly typed?: boolean;
  readonly local?: string | true;
  readonly serviceId?: string;
  readonly policy?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  claimcache revoke user 42                every token of user 42 that was issued until now
  claimcache revoke --token-id 9f2c        the one token with that jti
  claimcache revoke user 42 --local        the service of npm start`;

/** `claimcache revoke`: an identity's tokens, or one token, before they expire. The entry first, then the purge. */
export function revokeCommand(call: Call): Command {
  return withServiceOptions(
    new Command('revoke')
      .description('Revoke the tokens of an identity that were issued until now, or one token.')
      .argument('[scope]', 'a scope of revocation.scopes in the policy, such as user')
      .argument('[value]', 'its value')
      .option('--token-id <jti>', 'one token, by its jti')
      .option('--typed', 'the value is JSON: 42 is a number, "42" a string'),
  )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((scope: string | undefined, value: string | undefined, options: RevokeOptions) =>
      revoke(call, scope, value, options),
    );
}

async function revoke(
  { world }: Call,
  scope: string | undefined,
  value: string | undefined,
  options: RevokeOptions,
): Promise<void> {
  const { policy, file } = await loadPolicy(options.policy, world.cwd);
  const rule = ruleOf(policy, file);
  const what = revocable(rule, scope, value, options);
  const result =
    options.local === undefined
      ? await throughApi(world, rule, what, options.serviceId)
      : await throughService(world, options.local, what);
  present(
    world,
    options.json,
    { ok: true, ...result },
    () => `Revoked ${result.revoked}, for ${result.ttlSeconds} s.\n`,
  );
}

function ruleOf({ revocation }: Policy, file: string): RevocationRule {
  if (revocation !== null) return revocation;
  throw new CliError(
    'CLI_POLICY',
    `${file} has no revocation.`,
    "Add revocation: { scopes: ['user'] }, and revocation: true to the routes that ask.",
  );
}

function revocable(
  rule: RevocationRule,
  scope: string | undefined,
  value: string | undefined,
  { tokenId, typed = false }: RevokeOptions,
): Revocable {
  if (tokenId !== undefined && scope === undefined) return { tokenId };
  if (tokenId !== undefined || scope === undefined || value === undefined) {
    throw new CliError('CLI_USAGE', 'One of: <scope> <value>, --token-id JTI.', 'claimcache revoke user 42');
  }
  const known = rule.scopes.map(({ name }) => name);
  if (!known.includes(scope)) {
    throw new CliError(
      'CLI_USAGE',
      `Nobody is revoked by the scope "${scope}".${didYouMean(scope, known)}`,
      `revocation.scopes: ${known.join(', ')}.`,
    );
  }
  return { scope, value: argumentValue(value, typed) };
}

interface Revoked {
  readonly revoked: string;
  readonly purged: readonly string[];
  readonly ttlSeconds: number;
}

async function throughApi(
  world: World,
  rule: RevocationRule,
  what: Revocable,
  serviceId: string | undefined,
): Promise<Revoked> {
  const sink = fastlySink(world, { serviceId, dryRun: false });
  const entry = revocationEntry(what, world.nowMs() / 1000);
  await writeKvEntry(fastlyApi(world), rule.store, entry, rule.maxTokenSeconds);
  const purged = 'scope' in what ? [surrogateKey(what.scope, [what.value])] : [];
  if (purged.length > 0) {
    succeeded(await sink.send(purged, false, () => {}), 'Revoked, but not purged: the purge');
  }
  return { revoked: entry.key, purged, ttlSeconds: rule.maxTokenSeconds };
}

async function throughService(world: World, url: string | true, what: Revocable): Promise<Revoked> {
  const endpoint = operatorEndpoint(world, url);
  const { origin, token } = endpoint;
  const outcome = await sendWithRetry(
    world,
    `${origin}/.edge/revoke`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(what),
    },
    { attempts: 3, maxWaitMs: 60_000, timeoutMs: 30_000 },
  );
  return JSON.parse(serviceAnswer(outcome, endpoint)) as Revoked;
}
