import { operatorEndpoint } from '../base/operator.ts';
import { type RetryRules, sendWithRetry } from '../base/retry.ts';
import { serviceHint } from '../base/service-answer.ts';
import type { World } from '../base/world.ts';
import type { ApiCall, PurgeSink } from './sink.ts';

/** A local service that is not running is not going to be: no long patience. */
const RULES: RetryRules = { attempts: 3, maxWaitMs: 60_000, timeoutMs: 30_000 };

/**
 * The service's own `POST /.edge/purge`, on this machine or deployed.
 *
 * @throws {CliError} CLI_CONFIG where the operator's token is not known.
 */
export function serviceSink(world: World, url: string | true, dryRun: boolean): PurgeSink {
  const endpoint = operatorEndpoint(world, url, dryRun);
  const { origin, token } = endpoint;
  const batch = (keys: readonly string[], soft: boolean): ApiCall => ({
    method: 'POST',
    url: `${origin}/.edge/purge`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: { keys, soft },
  });
  return {
    name: `the service at ${origin}`,
    hint: (status) => serviceHint(status, '', endpoint),
    describe: batch,
    send(keys, soft, onWait) {
      const call = batch(keys, soft);
      const headers = { ...call.headers, authorization: `Bearer ${token}` };
      const init = { method: call.method, headers, body: JSON.stringify(call.body) };
      return sendWithRetry(world, call.url, init, RULES, onWait);
    },
    all: null,
  };
}
