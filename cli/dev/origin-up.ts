import { connect } from 'node:net';
import type { TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { tableOf } from '../base/local-stores.ts';
import { mainBackend } from './dev-backends.ts';

const TIMEOUT_MS = 1500;

/** The address of the application where nobody listens there; null: somebody does, or no address is known. */
export async function missingOrigin(
  policy: Policy,
  manifest: TomlTable,
  origin: string | null,
): Promise<string | null> {
  const written = tableOf(tableOf(tableOf(manifest.local_server)?.backends)?.[mainBackend(policy)])?.url;
  const address = origin ?? (typeof written === 'string' ? written : null);
  if (address === null || !URL.canParse(address)) return null;
  const { hostname, port, protocol } = new URL(address);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    timeout: TIMEOUT_MS,
  });
  const isUp = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false)).once('timeout', () => resolve(false));
  });
  socket.destroy();
  return isUp ? null : address;
}
