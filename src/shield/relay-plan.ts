import type { CacheDecision, PassDecision } from '../lanes/decision.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Shield } from '../policy/origins.ts';

/** What a second pass has to know of a request beside the request itself. Claim values are in it: it never leaves the service unsealed. */
export interface Relay {
  readonly shield: Shield;
  /** Names in the policy. */
  readonly origin: string;
  readonly route: string;
  readonly requestId: string;
  readonly plan: RelayedCache | RelayedPass;
  /** What became of it, a word for the log: the state of the shield's cache, `unreachable`, `refused`, `no-key`, `too-long`. */
  readonly onShieldResult: (word: string) => void;
}

export interface RelayedCache extends Omit<CacheDecision, 'route'> {
  readonly tokenExpiresAtSeconds: number | null;
}

export interface RelayedPass extends Pick<PassDecision, 'lane' | 'reason'> {
  readonly purgeAfterWrite: readonly string[];
}

/** A request of the service's own: `relay` where it is to go through a shield. */
export interface RelayedRequest extends OriginRequest {
  readonly relay?: Relay;
}
