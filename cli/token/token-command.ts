import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { decodeJwt } from 'jose';
import { PEOPLE } from '../../demo/origin/people.ts';
import { createTokens, PROVIDER_NAMES, type ProviderName } from '../../demo/origin/tokens.ts';
import { demoKeys } from '../../scripts/demo-keys.ts';
import { type Call, present } from '../base/command.ts';
import { durationSeconds } from '../base/duration.ts';

interface TokenOptions {
  readonly provider: ProviderName;
  readonly expiresIn: number;
  readonly claim?: Readonly<Record<string, unknown>>;
  readonly json?: boolean;
}

const NAMES = PEOPLE.map(({ name }) => name);

const EXAMPLES = `
The keys are those of this clone's demo (.demo/); no other service accepts such a token.

Examples:
  curl -i http://127.0.0.1:7676/api/orders -H "Authorization: Bearer $(npx claimcache token alice)"
  claimcache token bob --provider partner --expires-in 1h
  claimcache token alice --expires-in -60                     one that has expired
  claimcache token alice --claim sub=4711 --claim role=admin --claim 'tenant:={"id":"globex"}'`;

/** `claimcache token`: a token of the local demo's providers. */
export function tokenCommand(call: Call): Command {
  return new Command('token')
    .description("Mint a test token of the local demo's providers.")
    .addArgument(new Argument('[person]').choices(NAMES).default('alice'))
    .addOption(
      new Option('--provider <name>', 'who issues it')
        .choices([...PROVIDER_NAMES])
        .default(PROVIDER_NAMES[0]),
    )
    .option('--expires-in <duration>', 'seconds, or 15m, 2h, 7d; negative: expired', durationSeconds, 900)
    .option('--claim <pair>', 'name=text or name:=JSON; may be repeated', claim)
    .option('--json', 'print the token and its claims as JSON')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: TokenOptions) => mint(call, name, options));
}

async function mint({ world }: Call, name: string, options: TokenOptions): Promise<void> {
  const { provider, expiresIn, claim: claims, json } = options;
  const person = PEOPLE.find((one) => one.name === name);
  if (person === undefined) throw new Error('commander lets nobody else through');
  const token = await createTokens(await demoKeys()).issue(person, provider, expiresIn, claims);
  present(world, json, { ok: true, token, provider, claims: decodeJwt(token) }, () => `${token}\n`);
}

/** `sub=42` is the text 42, as issuers write it; `sub:=42` is the number. */
function claim(
  pair: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const equals = pair.indexOf('=');
  const isTyped = pair[equals - 1] === ':';
  const name = pair.slice(0, isTyped ? equals - 1 : equals);
  if (equals < 1 || name === '') throw new InvalidArgumentError('name=value, or name:=JSON.');
  const text = pair.slice(equals + 1);
  if (!isTyped) return { ...before, [name]: text };
  try {
    return { ...before, [name]: JSON.parse(text) };
  } catch {
    throw new InvalidArgumentError('What stands behind := is no JSON.');
  }
}
