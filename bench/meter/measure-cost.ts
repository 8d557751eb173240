import { PEOPLE } from '../../test/site/people.ts';
import { createTokens } from '../../test/site/tokens.ts';
import type { StartEdgeOptions } from '../../test/support/start-edge.ts';
import { type RunningOrigin, startOrigin } from '../../test/support/start-origin.ts';
import { mean } from '../support/mean.ts';
import { quantile } from '../support/quantile.ts';
import { type CountedRequest, countRequests } from './count-requests.ts';
import { AUTH_SECRET, NO_SESSION, REFUSED_SESSIONS } from './refused-sessions.ts';
import { worstRequests } from './worst-requests.ts';

/** What a request costs, without a clock. */
export interface Cost {
  /** WebAssembly instructions of the usual request: the median. */
  readonly instructions: number;
  /** With what only one request in some has to do, a larger garbage collection above all: the mean. */
  readonly mean: number;
  readonly hostCalls: number;
  /** Instructions of the first of a sandbox, its start included: the median. null: every sandbox was used before. */
  readonly first: number | null;
}

/** The worst request of a kind, beside the usual one that it is like. */
export interface WorstCost extends Cost {
  readonly like: string;
}

export interface Measured {
  readonly requests: Record<string, Cost>;
  /** What somebody may send to waste time: bounded by what they are like, so they have no budget of their own. */
  readonly worst: Record<string, WorstCost>;
}

const AMOUNT = { warmUp: 12, requests: 48 };
const WORST_AMOUNT = { warmUp: 4, requests: 8 };

/** Costs of the test site by kind of request, in Viceroy. */
export async function measureCost(wasm: string): Promise<Measured> {
  const origin = await startOrigin();
  try {
    const { token, kinds } = await kindsFor(origin);
    const worst = worstRequests(token).map((kind) => ({ ...kind, amount: WORST_AMOUNT }));
    const all = await costs({ originUrl: origin.url, wasm }, [...kinds, ...worst]);
    const like = new Map(worst.map((kind) => [kind.name, kind.like]));
    const measured: Measured = { requests: {}, worst: {} };
    for (const [name, cost] of Object.entries(all)) {
      const usual = like.get(name);
      if (usual === undefined) measured.requests[name] = cost;
      else measured.worst[name] = { ...cost, like: usual };
    }
    return measured;
  } finally {
    await origin.stop();
  }
}

/** What it costs to refuse a session, in the service of `test/edge/policies/token-cookies.ts`: each beside a request without one. */
export async function measureRefusedSessions(wasm: string): Promise<Measured> {
  const service = { originUrl: 'http://127.0.0.1:1', wasm, secrets: { auth_secret: AUTH_SECRET } };
  const all = await costs(
    service,
    REFUSED_SESSIONS.map((kind) => ({ ...kind, amount: WORST_AMOUNT })),
  );
  const { [NO_SESSION]: usual, ...worst } = all;
  if (usual === undefined) throw new Error('nothing was counted');
  const beside = Object.entries(worst).map(([name, cost]) => [name, { ...cost, like: NO_SESSION }]);
  return { requests: { [NO_SESSION]: usual }, worst: Object.fromEntries(beside) };
}

/** What a service costs that answers `/` without an origin. */
export async function measureHello(wasm: string): Promise<Cost> {
  const kind = { name: 'hello', path: () => '/', headers: async () => ({}), status: 200 };
  const { hello } = await costs({ originUrl: 'http://127.0.0.1:1', wasm }, [kind]);
  if (hello === undefined) throw new Error('nothing was counted');
  return hello;
}

async function costs(
  service: StartEdgeOptions & { readonly wasm: string },
  kinds: readonly CountedRequest[],
): Promise<Record<string, Cost>> {
  const counted = await countRequests(service, kinds, AMOUNT);
  return Object.fromEntries(
    Object.entries(counted).map(([name, counts]) => {
      const instructions = counts.later.map((count) => count.instructions);
      const hostCalls = counts.later.map((count) => count.hostCalls);
      const first = counts.first.map((count) => count.instructions);
      return [
        name,
        {
          instructions: quantile(instructions, 0.5),
          mean: Math.round(mean(instructions)),
          hostCalls: quantile(hostCalls, 0.5),
          first: first.length === 0 ? null : quantile(first, 0.5),
        },
      ];
    }),
  );
}

async function kindsFor({ keys }: RunningOrigin): Promise<{ token: string; kinds: CountedRequest[] }> {
  const [alice] = PEOPLE;
  if (alice === undefined) throw new Error('nobody');
  const tokens = createTokens(keys);
  const bearer = async (provider: 'app' | 'partner') => ({
    authorization: `Bearer ${await tokens.issue(alice, provider, 3600)}`,
  });
  const token = await bearer('app');
  const seen = async () => token;
  const nobody = async () => ({});
  const orders = () => '/api/orders';
  let unseen = 100_000;
  const kinds = [
    { name: 'public HIT', path: () => '/pages/welcome', headers: nobody, status: 200 },
    { name: 'scoped HIT, token seen before', path: orders, headers: seen, status: 200 },
    { name: 'scoped HIT, HS256, fresh tokens', path: orders, headers: () => bearer('app'), status: 200 },
    { name: 'scoped HIT, RS256, fresh tokens', path: orders, headers: () => bearer('partner'), status: 200 },
    {
      name: 'HIT of a group (two claims), HS256, fresh tokens',
      path: () => '/api/team/report',
      headers: () => bearer('app'),
      status: 200,
    },
    {
      name: 'scoped MISS, token seen before',
      path: () => `/api/orders?unseen=${unseen++}`,
      headers: seen,
      status: 200,
    },
    { name: 'pass', path: () => '/api/payment-methods', headers: seen, status: 200 },
    { name: '401', path: orders, headers: nobody, status: 401 },
  ];
  return { token: token.authorization.replace('Bearer ', ''), kinds };
}
