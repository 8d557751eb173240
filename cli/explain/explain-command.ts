import { Command, InvalidArgumentError, Option } from 'commander';
import { collect } from '../base/collect.ts';
import { type Call, present } from '../base/command.ts';
import { LOCAL_DEFAULT } from '../base/operator.ts';
import { explainLocally } from './explain-locally.ts';
import type { ExplainOptions } from './explain-options.ts';
import { explainRemotely } from './explain-remotely.ts';
import { explanationText } from './explanation-text.ts';

const EXAMPLES = `
Keys and switches come from the stores of [local_server] in fastly.toml; with --local from the service itself.

Examples:
  claimcache token alice | claimcache explain GET /api/orders --token -
  claimcache explain GET /api/orders --token-file token.txt --response-header "Cache-Control: private, max-age=900"
  claimcache explain POST /graphql --token-file token.txt --data '{"query":"{ todos { title } }"}'
  claimcache explain GET /pages/welcome --cookie cms_session=1
  claimcache explain GET /api/orders --token-file token.txt --jwks partner=jwks.json --show-values
  claimcache explain GET /api/orders --token-file token.txt --local https://www.example.com`;

/**
 * `claimcache explain`: what the edge would do with a request, and why.
 *
 * @remarks
 * - It runs the functions of the edge itself. A test sends 1,500 random requests both ways and compares.
 * - Nothing is sent, stored, purged or counted. The exit status is 0 whatever the edge would answer.
 * - Keys and switches come from `[local_server]` of fastly.toml. With `--local` they come from the service, as does the policy.
 * - `entry` and `fingerprint` are HMACs with `fingerprint_key`. Two requests with one `entry` share an entry. `fingerprint` is in the log.
 * - No endpoint of sessions is asked on this machine (`ERR_SESSION_UNAVAILABLE`). `POST /.edge/explain` asks it.
 */
export function explainCommand(call: Call): Command {
  return new Command('explain')
    .description('Tell what the edge would do with a request, and why, without sending it.')
    .argument('<method>', 'GET, PUT, …; may be left out for GET')
    .argument('[target]', 'a path with its query, or a URL')
    .option('--token <jwt>', 'a token; - reads it from the standard input (arguments are visible to others)')
    .option('--token-file <file>', 'the file that holds the token')
    .option('--cookie <pair>', 'name=value; may be repeated', collect)
    .option('--header <field>', '"Name: value"; may be repeated', collect)
    .option(
      '--data <json>',
      'the body, where that is part of the key: GraphQL, and routes with methods. JSON, unless --header says otherwise.',
    )
    .option('--status <code>', 'of the answer of the origin', status)
    .option('--response-header <field>', '"Name: value" of that answer; may be repeated', collect)
    .option('--country <code>', "the visitor's, such as DE", country)
    .addOption(new Option('--device <kind>', "the visitor's").choices(['desktop', 'mobile', 'tablet']))
    .option('--at <moment>', 'as if it were then: ISO 8601, or seconds since 1970')
    .option(
      '--jwks <file>',
      '[provider=]file: keys instead of those of the local stores, which also stand for keys at a URL',
      collect,
    )
    .option('--secret-file <file>', '[provider=]file: an HMAC secret, likewise', collect)
    .option('--manifest <file>', 'default: fastly.toml')
    .option('--policy <file>', 'default: src/policy.ts of the service')
    .option('--local [url]', `ask the service itself, with the operator’s token (${LOCAL_DEFAULT})`)
    .option(
      '--show-values',
      'show claim values, surrogate keys and the cache key, which are masked otherwise',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((method: string, target: string | undefined, options: ExplainOptions) =>
      explain(call, method, target, options),
    );
}

async function explain(
  { world }: Call,
  method: string,
  target: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  const { explanation, unknown, warnings } =
    options.local === undefined
      ? await explainLocally(world, method, target, options)
      : await explainRemotely(world, method, target, options, options.local);
  const result = { ok: true, ...explanation, warnings: [...unknown, ...warnings] };
  present(world, options.json, result, () => explanationText(explanation, unknown, world.colors));
  if (!options.json) for (const warning of warnings) world.err(`warning: ${warning}\n`);
}

function status(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A status from 100 to 599.');
}

function country(text: string): string {
  if (/^[A-Za-z]{2}$/.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError('Two letters (ISO 3166-1), such as DE.');
}
