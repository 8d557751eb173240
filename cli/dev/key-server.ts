import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** Shorter than the service waits for a key server. */
const TIMEOUT_MS = 1500;
const MAX_BYTES = 1_000_000;

export interface KeyServerOptions {
  /** Where fastly.toml says that the provider's keys are. */
  readonly upstream: string;
  /** Of local tokens: `claimcache token`. */
  readonly localKeys: readonly JWK[];
  /** What a discovery document says where there is no network. */
  readonly issuer: string | null;
  /** Says why only local tokens verify. */
  readonly tell: (why: string) => void;
}

export interface KeyServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A provider's key server as `claimcache dev` shows it to the service: its own keys, and beside them the public half of the local key, so that
 * tokens of the provider and those of `claimcache token` both verify. On 127.0.0.1, for the local server alone.
 */
export async function startKeyServer(options: KeyServerOptions): Promise<KeyServer> {
  let told = '';
  const tellOnce = (why: string) => {
    if (why !== told) options.tell(why);
    told = why;
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    upstreamDocument(options.upstream, url)
      .then((document) => {
        tellOnce('');
        send(response, withLocalKeys(document, options.localKeys));
      })
      .catch((cause: unknown) => {
        tellOnce(cause instanceof Error ? cause.message : String(cause));
        send(response, localDocument(url, options));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function upstreamDocument(upstream: string, url: string): Promise<Record<string, unknown>> {
  const address = new URL(url, upstream);
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => {
      throw new Error(`${address.origin} does not answer`);
    },
  );
  const text = await response.text();
  if (!response.ok || text.length > MAX_BYTES) throw new Error(`${address.href} answers ${response.status}`);
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return document as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new Error(`${address.href} is not JSON`);
}

function withLocalKeys(document: Record<string, unknown>, localKeys: readonly JWK[]): unknown {
  return Array.isArray(document.keys) ? { ...document, keys: [...document.keys, ...localKeys] } : document;
}

function localDocument(url: string, { issuer, localKeys }: KeyServerOptions): unknown {
  if (issuer === null || !url.endsWith('/.well-known/openid-configuration')) return { keys: localKeys };
  return { issuer, jwks_uri: `${new URL(issuer).origin}/.well-known/jwks.json` };
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
