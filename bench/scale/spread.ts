export interface SpreadOptions {
  /** Of each identity: a person, or a group that shares one entry. */
  readonly requestsPerHour: number;
  readonly ttlSeconds: number;
  readonly points: number;
  /** Share of the requests that do not come through the identity's own point of presence, but through any. */
  readonly roaming: number;
  /** Requests come in sessions of so many seconds, ten at a time; null: Poisson arrivals. */
  readonly sessionSeconds: number | null;
  readonly identities: number;
}

export interface Spread {
  readonly requests: number;
  /** Served by the point of presence that was asked. */
  readonly hits: number;
  /** Origin requests where each point asks the origin. */
  readonly direct: number;
  /** Origin requests where each point asks a shield, which caches too. */
  readonly shielded: number;
}

const HOURS = 4;
/** The first hour fills the caches, and does not count. */
const WARM_UP_SECONDS = 3600;
const REQUESTS_OF_A_SESSION = 10;

/** Content of one identity each, asked for through several points of presence: what is a hit, and what reaches the origin. */
export function simulateSpread(options: SpreadOptions, random: () => number): Spread {
  const { points, ttlSeconds, roaming, identities } = options;
  let requests = 0;
  let hits = 0;
  let direct = 0;
  let shielded = 0;
  const freshUntil = new Float64Array(points);
  const behindShield = new Float64Array(points);
  for (let identity = 0; identity < identities; identity++) {
    const home = Math.floor(random() * points);
    freshUntil.fill(-1);
    behindShield.fill(-1);
    let shieldUntil = -1;
    for (const atSeconds of arrivals(options, random)) {
      const point = random() < roaming ? Math.floor(random() * points) : home;
      const counts = atSeconds >= WARM_UP_SECONDS ? 1 : 0;
      requests += counts;
      if ((freshUntil[point] ?? -1) > atSeconds) hits += counts;
      else {
        freshUntil[point] = atSeconds + ttlSeconds;
        direct += counts;
      }
      if ((behindShield[point] ?? -1) <= atSeconds) {
        if (shieldUntil <= atSeconds) {
          shieldUntil = atSeconds + ttlSeconds;
          shielded += counts;
        }
        // What comes from the shield has an Age already.
        behindShield[point] = shieldUntil;
      }
    }
  }
  return { requests, hits, direct, shielded };
}

function arrivals({ requestsPerHour, sessionSeconds }: SpreadOptions, random: () => number): number[] {
  const until = HOURS * 3600;
  const times: number[] = [];
  const rate = requestsPerHour / 3600 / (sessionSeconds === null ? 1 : REQUESTS_OF_A_SESSION);
  for (let at = wait(rate, random); at < until; at += wait(rate, random)) {
    if (sessionSeconds === null) times.push(at);
    else for (let i = 0; i < REQUESTS_OF_A_SESSION; i++) times.push(at + random() * sessionSeconds);
  }
  return times.sort((a, b) => a - b);
}

function wait(rate: number, random: () => number): number {
  return -Math.log(1 - random()) / rate;
}
