import { CliError } from '../base/cli-error.ts';
import { type FastlyApi, succeeded } from '../fastly/api.ts';

/**
 * Writes an entry of the KV Store of that name.
 * Source: https://www.fastly.com/documentation/reference/api/services/resources/kv-store-item/
 *
 * @throws {CliError} as {@link succeeded}, and CLI_CONFIG where there is no such store.
 */
export async function writeKvEntry(
  api: FastlyApi,
  store: string,
  entry: { readonly key: string; readonly value: string },
  ttlSeconds: number,
): Promise<void> {
  const id = await storeId(api, store);
  succeeded(
    await api.send(
      'PUT',
      `/resources/stores/kv/${id}/keys/${encodeURIComponent(entry.key)}`,
      { 'content-type': 'application/octet-stream', time_to_live_sec: String(ttlSeconds) },
      entry.value,
    ),
    'Writing the revocation',
  );
}

async function storeId(api: FastlyApi, name: string): Promise<string> {
  const body = succeeded(
    await api.send('GET', `/resources/stores/kv?name=${encodeURIComponent(name)}`),
    'Finding the KV Store',
  );
  const { data } = JSON.parse(body) as { data?: { id?: unknown; name?: unknown }[] };
  const id = data?.find((store) => store.name === name)?.id;
  if (typeof id === 'string' && /^[A-Za-z0-9]{1,64}$/.test(id)) return id;
  throw new CliError(
    'CLI_CONFIG',
    `The account has no KV Store "${name}".`,
    'Create it and link it to the service: fastly kv-store create --name …',
  );
}
