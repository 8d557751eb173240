import { MAX_REMEMBERED_TOKENS } from '../src/identity/token-memory.ts';
import { urlKey } from '../src/keys/surrogate-key.ts';
import { readBudget } from './budget/budget.ts';
import { makeTrace, originRequests, type TraceOptions, type Visit } from './offload/trace.ts';
import { seenTokens } from './scale/seen-tokens.ts';
import { type Spread, type SpreadOptions, simulateSpread } from './scale/spread.ts';
import { benchOptions } from './support/options.ts';
import { report } from './support/report.ts';
import { seeded } from './support/seeded.ts';

/** What grows with users and points of presence, by simulation and arithmetic: no network, no engine. docs/proof/scale.md. */
const { quick } = benchOptions();
const IDENTITIES = quick ? 500 : 10_000;
const POINTS = [1, 2, 5, 10, 20, 50, 100];
const percent = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;

const PERSON: SpreadOptions = {
  requestsPerHour: 10,
  ttlSeconds: 600,
  points: 1,
  roaming: 0,
  sessionSeconds: null,
  identities: IDENTITIES,
};
const READERS: Record<string, Partial<SpreadOptions>> = {
  'a person who stays at one point, ten an hour': {},
  'the same, in sessions of ten within five minutes': { sessionSeconds: 300 },
  'a person who roams: each tenth request goes anywhere': { roaming: 0.1 },
  'a person whose requests all go anywhere': { roaming: 1 },
  'a group of a hundred, everywhere': { roaming: 1, requestsPerHour: 1000, identities: IDENTITIES / 100 },
};
const spreads = Object.entries(READERS).map(([name, changes]) => ({
  name,
  at: POINTS.map((points) => simulateSpread({ ...PERSON, ...changes, points }, seeded(42))),
}));
const byPoints = (title: string, value: (spread: Spread) => string) =>
  report(
    title,
    spreads.map(({ name, at }) => ({
      'points of presence': name,
      ...Object.fromEntries(at.map((spread, i) => [`${POINTS[i]} `, value(spread)])),
    })),
  );
byPoints('Hits at the point of presence (one entry, fresh for ten minutes)', ({ hits, requests }) =>
  percent(hits, requests),
);
byPoints('Requests that reach the origin, without a shield', ({ direct, requests }) =>
  percent(direct, requests),
);
byPoints('Requests that reach the origin, with a shield', ({ shielded, requests }) =>
  percent(shielded, requests),
);

/** The edge purges each key twice in a row: docs/concepts/purging.md says why. */
const PURGES_PER_WRITE = 2;

const { requests: cost } = readBudget();
const instructions = (name: string) => cost[name]?.mean ?? Number.NaN;
/** Of bench:cost, in a millisecond of Viceroy's CPU in bench:edge: one machine. Ratios hold elsewhere, seconds do not. */
const INSTRUCTIONS_PER_MS = 3e6;
const HOUR: TraceOptions = {
  users: 1000,
  perUser: 10,
  seconds: 3600,
  zipf: 0,
  tokenSeconds: 900,
  writeShare: 0,
  burstSeconds: null,
  pages: ['dashboard', 'orders', 'profile'],
  writePage: 'profile',
};
const TTL_SECONDS = { dashboard: 300, orders: 600, profile: 1800 };
for (const [name, changes] of Object.entries({
  'in bursts': { burstSeconds: 120 },
  'spread evenly (Poisson)': {},
  'spread evenly, 5 % writes': { writeShare: 0.05 },
})) {
  const trace = makeTrace({ ...HOUR, ...changes }, seeded(42));
  const per = 1e6 / trace.length;
  const owner = ({ user }: Visit) => String(user);
  const count = (keyOf: (visit: Visit) => string) => originRequests(trace, TTL_SECONDS, keyOf, owner) * per;
  const writes = trace.filter(({ write }) => write).length * per;
  const claimKeyed = count(({ user, page }) => `${user} ${page}`);
  const misses = claimKeyed - writes;
  const hits = 1e6 - claimKeyed;
  const vcpuSeconds = (verified: string) =>
    (hits * instructions(`scoped HIT, ${verified}`) +
      misses * (instructions('scoped MISS, token seen before') + extra(verified)) +
      writes * (instructions('pass') + extra(verified))) /
    INSTRUCTIONS_PER_MS /
    1000;
  const tokenKeyed = count(({ user, page, token }) => `${user} ${token} ${page}`);
  /** As this service would do it on its public lane. */
  const unverified = (fetched: number) => {
    const miss =
      instructions('scoped MISS, token seen before') - instructions('scoped HIT, token seen before');
    const all = 1e6 * instructions('public HIT') + fetched * miss;
    return all / INSTRUCTIONS_PER_MS / 1000;
  };
  const row = (what: string, origin: number, vcpu: string, operations: string, purges: number) => ({
    '': what,
    'origin requests': Math.round(origin),
    'vCPU seconds': vcpu,
    'cache operations': operations,
    purges: Math.round(purges) * PURGES_PER_WRITE,
  });
  report(`A million requests of people who come ten times an hour, ${name}`, [
    row('doing nothing: the origin answers', 1e6, '0', '0', 0),
    row('token as key, not verified', tokenKeyed, unverified(tokenKeyed).toFixed(0), '1000000', 0),
    row(
      'claimcache, tokens seen before',
      claimKeyed,
      vcpuSeconds('token seen before').toFixed(0),
      // A hit is one look-up; a miss also plants its sentinel and looks twice whether it stands.
      String(Math.round(hits + 4 * misses)),
      writes,
    ),
    row(
      'claimcache, each token fresh (RS256)',
      claimKeyed,
      vcpuSeconds('RS256, fresh tokens').toFixed(0),
      String(Math.round(hits + 4 * misses)),
      writes,
    ),
  ]);
}

report(
  'Tokens that a sandbox of 1,000 requests has verified before',
  [10, 100, 1000, 10_000, 100_000].map((people) => ({
    'people behind one sandbox': people,
    'seen before': percent(seenTokens(people, 1000, MAX_REMEMBERED_TOKENS), 1),
  })),
);

/** As Fastly documents it: docs/proof/scale.md names where. */
const PURGES_PER_HOUR = 100_000;
report(
  'Purges by writes: ten requests an hour each, 5 % of them writes',
  [1e4, 1e5, 1e6, 1e7].map((people) => {
    const purges = people * 0.5 * PURGES_PER_WRITE;
    return {
      'people active in an hour': people,
      'purges an hour': purges,
      'a second': (purges / 3600).toFixed(1),
      'of the documented average': percent(purges, PURGES_PER_HOUR),
    };
  }),
);

const BATCH_KEYS = 256;
report(
  'claimcache purge with a file of values',
  [1e3, 1e5, 1e6, 1e7].map((values) => ({
    values,
    calls: Math.ceil(values / BATCH_KEYS),
    'hours at the documented average, if each key counts': (values / PURGES_PER_HOUR).toFixed(2),
    'if each call counts': (Math.ceil(values / BATCH_KEYS) / PURGES_PER_HOUR).toFixed(4),
  })),
);

report('Surrogate keys of one entry, at their longest', [
  { key: 'of the scope: a name of 32, a value of 64', bytes: 32 + 1 + 64 },
  { key: 'of the scope, hashed', bytes: 32 + 2 + 43 },
  { key: 'of the route', bytes: 'route:'.length + 32 },
  { key: 'of a URL of 2,000 bytes', bytes: urlKey('www.example.com', `/${'a'.repeat(2000)}`).length },
]);

/** What verifying adds to an answer that is not a hit. */
function extra(verified: string): number {
  return instructions(`scoped HIT, ${verified}`) - instructions('scoped HIT, token seen before');
}
