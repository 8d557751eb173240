import type { Explanation } from '../../src/explain/explanation.ts';
import { CliError } from '../base/cli-error.ts';
import { loadPolicyIfAny } from '../base/load-policy.ts';
import { operatorEndpoint } from '../base/operator.ts';
import { readToken } from '../base/read-credential.ts';
import { sendWithRetry } from '../base/retry.ts';
import { serviceAnswer } from '../base/service-answer.ts';
import type { World } from '../base/world.ts';
import { type Explained, type ExplainOptions, refuseLocalOptions } from './explain-options.ts';
import { placeToken } from './place-token.ts';
import { readHeaders, readTarget } from './read-request.ts';

/** Asks `POST /.edge/explain` of a service: its policy, its keys, its switches. */
export async function explainRemotely(
  world: World,
  first: string,
  second: string | undefined,
  options: ExplainOptions,
  url: string | true,
): Promise<Explained> {
  refuseLocalOptions(options);
  const asked = readTarget(first, second);
  const { method } = asked;
  let { target } = asked;
  const endpoint = operatorEndpoint(world, url);
  const { origin, token: operatorToken } = endpoint;
  const headers = readHeaders(options.header, options.cookie, '--header', options.data);
  const token = await readToken(options, world);
  // Where a token stands is the policy's to say; without one that compiles it is Authorization.
  if (token !== null)
    target = placeToken(token, target, headers, null, await loadPolicyIfAny(options.policy, world));
  const order = {
    method: method.toUpperCase(),
    // Its own host and scheme, so that the key is that of its visitors.
    path: target.startsWith('/') ? `${origin}${target}` : target,
    headers: Object.fromEntries(headers),
    showValues: options.showValues ?? false,
    ...(options.data === undefined ? {} : { body: options.data }),
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.responseHeader === undefined
      ? {}
      : {
          responseHeaders: Object.fromEntries(readHeaders(options.responseHeader, [], '--response-header')),
        }),
  };
  const outcome = await sendWithRetry(
    world,
    `${origin}/.edge/explain`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorToken}` },
      body: JSON.stringify(order),
    },
    { attempts: 3, maxWaitMs: 60_000, timeoutMs: 30_000 },
  );
  return { explanation: readAnswer(serviceAnswer(outcome, endpoint)), unknown: [], warnings: [] };
}

function readAnswer(body: string): Explanation {
  try {
    const answer = JSON.parse(body);
    if (answer?.v === 1 && Array.isArray(answer.steps)) return answer;
  } catch {
    // Said below.
  }
  throw new CliError(
    'CLI_FAILED',
    'The answer is no explanation that this command knows.',
    'Is the service of another version?',
  );
}
