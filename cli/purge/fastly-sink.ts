import { CliError } from '../base/cli-error.ts';
import { sendWithRetry } from '../base/retry.ts';
import { credentialUrl } from '../base/safe-url.ts';
import type { World } from '../base/world.ts';
import { findServiceId } from '../fastly/service-id.ts';
import type { ApiCall, PurgeSink } from './sink.ts';

export interface FastlySinkOptions {
  readonly serviceId?: string | undefined;
  /** Nothing will be sent: neither a token nor a service id has to be there. */
  readonly dryRun: boolean;
}

/**
 * Fastly's API. Plain `fetch`: the client `fastly` fixes the host of each operation, so that it could not be proven
 * against a stand-in, and hides the headers of a refusal.
 *
 * Source: https://www.fastly.com/documentation/reference/api/purging/
 *
 * @throws {CliError} CLI_CONFIG where the token or the service id is missing.
 */
export function fastlySink(world: World, options: FastlySinkOptions): PurgeSink {
  const endpoint = credentialUrl(
    world.env.FASTLY_API_ENDPOINT || 'https://api.fastly.com',
    'FASTLY_API_ENDPOINT',
  );
  const base = endpoint.href.replace(/\/+$/, '');
  const serviceId = findServiceId(options.serviceId, world);
  const token = world.env.FASTLY_API_TOKEN?.trim() || null;
  if (!options.dryRun && token === null) {
    throw new CliError(
      'CLI_CONFIG',
      'FASTLY_API_TOKEN is not set.',
      'Create a token with the scope purge_select (purge_all for --all), or use --local for the local service.',
    );
  }
  if (!options.dryRun && serviceId === null) {
    throw new CliError(
      'CLI_CONFIG',
      'No service id: fastly.toml has none yet.',
      'Publish first, or name it: --service-id ID, or FASTLY_SERVICE_ID.',
    );
  }
  const service = `${base}/service/${serviceId ?? '<service id>'}`;
  const headers = (soft: boolean) => ({
    accept: 'application/json',
    'content-type': 'application/json',
    ...(soft ? { 'fastly-soft-purge': '1' } : {}),
  });
  const send = (call: ApiCall, onWait: (waitMs: number, why: string) => void) =>
    sendWithRetry(
      world,
      call.url,
      {
        method: call.method,
        headers: { ...call.headers, 'fastly-key': token ?? '' },
        body: call.body === null ? null : JSON.stringify(call.body),
      },
      undefined,
      onWait,
    );
  const batch = (keys: readonly string[], soft: boolean): ApiCall => ({
    method: 'POST',
    url: `${service}/purge`,
    headers: headers(soft),
    body: { surrogate_keys: keys },
  });
  const everything = (): ApiCall => ({
    method: 'POST',
    url: `${service}/purge_all`,
    headers: { accept: 'application/json' },
    body: null,
  });
  return {
    name: `service ${serviceId ?? '<service id>'} at ${endpoint.host}`,
    hint,
    describe: batch,
    send: (keys, soft, onWait) => send(batch(keys, soft), onWait),
    all: { describe: everything, send: (onWait) => send(everything(), onWait) },
  };
}

function hint(status: number | null): string {
  if (status === null) return 'Is the network up? Purging again is safe.';
  if (status === 401 || status === 403)
    return 'FASTLY_API_TOKEN was refused: is it the right one, with the scope purge_select (purge_all for --all)?';
  if (status === 404) return 'Fastly knows no such service: is the service id right?';
  return 'Correct what it says. Purging again is safe.';
}
