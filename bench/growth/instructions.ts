import type { StartEdgeOptions } from '../../test/support/start-edge.ts';
import { type CountedRequest, countRequests } from '../meter/count-requests.ts';
import { quantile } from '../support/quantile.ts';

/** Million WebAssembly instructions of the usual request of each kind, as text for a table. */
export async function instructionsOf(
  options: StartEdgeOptions & { readonly wasm: string },
  kinds: Readonly<Record<string, { readonly path: string; readonly headers: CountedRequest['headers'] }>>,
): Promise<Record<string, string>> {
  const counted = await countRequests(
    options,
    Object.entries(kinds).map(([name, { path, headers }]) => ({
      name,
      path: () => path,
      headers,
      status: 200,
    })),
    { warmUp: 12, requests: 31 },
  );
  return Object.fromEntries(
    Object.entries(counted).map(([name, { later }]) => {
      const median = quantile(
        later.map(({ instructions }) => instructions),
        0.5,
      );
      return [name, (median / 1e6).toFixed(2)];
    }),
  );
}
