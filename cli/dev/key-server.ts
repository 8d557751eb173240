import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { forward, forwardUpgrade } from './forward.ts';

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
  /** Of key sets and discovery documents: what the service asks for. Everything else goes on as it is: an application may answer at the same address. */
  readonly paths: readonly string[];
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
  const upstream = new URL(options.upstream);
  const paths = new Set(options.paths);
  const documentAt = async (url: string): Promise<unknown> => {
    try {
      const document = await upstreamDocument(options.upstream, url);
      tellOnce('');
      // A discovery document says where the keys are.
      if (typeof document.jwks_uri === 'string') paths.add(pathOf(document.jwks_uri));
      return withLocalKeys(document, options.localKeys);
    } catch (cause) {
      tellOnce(cause instanceof Error ? cause.message : String(cause));
      const document = localDocument(url, options);
      if (document.jwks_uri !== undefined) paths.add(pathOf(document.jwks_uri));
      return document;
    }
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (!paths.has(pathOf(url))) return forward(request, response, upstream);
    void documentAt(url).then((document) => send(response, document));
  });
  server.on('upgrade', (request, socket, head) => forwardUpgrade(request, socket, head, upstream));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // What is wrong is told before the first token comes.
  for (const path of options.paths) void documentAt(path);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Of a URL, or of a target such as `/jwks.json?v=1`. */
function pathOf(url: string): string {
  return new URL(url, 'http://localhost').pathname;
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
    if (hasKeys(document)) return document;
  } catch {
    // Told below.
  }
  throw new Error(`${address.href} has no keys`);
}

/** A key set, or a discovery document that leads to one. */
function hasKeys(document: unknown): document is Record<string, unknown> {
  if (typeof document !== 'object' || document === null) return false;
  return ('keys' in document && Array.isArray(document.keys)) || 'jwks_uri' in document;
}

function withLocalKeys(document: Record<string, unknown>, localKeys: readonly JWK[]): unknown {
  return Array.isArray(document.keys) ? { ...document, keys: [...document.keys, ...localKeys] } : document;
}

function localDocument(
  url: string,
  { issuer, localKeys }: KeyServerOptions,
):
  | { readonly keys: readonly JWK[]; readonly jwks_uri?: never }
  | { readonly issuer: string; readonly jwks_uri: string } {
  if (issuer === null || !url.endsWith('/.well-known/openid-configuration')) return { keys: localKeys };
  return { issuer, jwks_uri: `${new URL(issuer).origin}/.well-known/jwks.json` };
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
