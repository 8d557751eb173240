import { createServer } from 'node:http';
import { EdgeError } from '../../../src/errors.ts';
import { createExplain } from '../../../src/explain/explain.ts';
import { answerOperator } from '../../../src/operator/operator.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { createPlanner } from '../../../src/request/plan.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import sitePolicy from '../../site/src/policy.ts';
import { closed, listen } from './fastly-api.ts';

export interface OperatorService {
  readonly url: string;
  readonly purged: { key: string; soft: boolean }[];
  readonly written: { store: string; key: string; value: string; ttlSeconds: number }[];
  stop(): Promise<void>;
}

/** The service's own operator endpoints, the very code of the edge, on Node. */
export async function startOperatorService(
  operatorToken: string | null,
  input: PolicyInput = sitePolicy,
): Promise<OperatorService> {
  const purged: OperatorService['purged'] = [];
  const written: OperatorService['written'] = [];
  const policy = compilePolicy(input);
  const platform = {
    secret: async () => operatorToken,
    config: () => () => null,
    coreCache: null,
    fetchOrigin: () => Promise.reject(new Error('no network')),
    readKv: async () => null,
    nowMs: () => Date.now(),
    purge: (key: string, soft: boolean) => void purged.push({ key, soft }),
    writeKv: async (store: string, key: string, value: string, ttlSeconds: number) =>
      void written.push({ store, key, value, ttlSeconds }),
  } as Partial<Platform> as Platform;

  const router = routerOf(policy);
  const tools = {
    explain: createExplain({
      policy,
      plan: createPlanner(policy, router, platform).plan,
      platform,
      engineOf: () => 'core',
      ownHandlers: () => 0,
    }),
    status: async () => ({}),
  };

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', async () => {
      const request = new Request(`http://127.0.0.1${incoming.url}`, {
        method: incoming.method ?? 'GET',
        headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]),
        body: chunks.length === 0 ? null : Buffer.concat(chunks),
      });
      const path = new URL(request.url).pathname;
      try {
        const { response } = await answerOperator(request, path, request.headers, policy, platform, {
          ...tools,
          readBody: () => request.text(),
        });
        outgoing.writeHead(response.status, { 'content-type': 'application/json' });
        outgoing.end(await response.text());
      } catch (error) {
        const { status, code, message, detail } = error as EdgeError;
        outgoing.writeHead(error instanceof EdgeError ? status : 500, {
          'content-type': 'application/problem+json',
        });
        outgoing.end(JSON.stringify({ title: message, status, code, ...(detail ? { detail } : {}) }));
      }
    });
  });
  return { url: await listen(server), purged, written, stop: () => closed(server) };
}
