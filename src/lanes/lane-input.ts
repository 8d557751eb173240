import type { IdentityResult } from '../identity/identity.ts';
import type { Partition } from '../keys/partition.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';
import type { RequestFacts } from './request-facts.ts';
import type { Switches } from './switches.ts';

/** Everything a decision depends on. Plain data: no I/O, no clock. */
export interface DecideInput {
  readonly policy: Policy;
  readonly facts: RequestFacts;
  readonly route: Route;
  readonly isCmsPath: boolean;
  readonly isLookalike: boolean;
  /** The most folded reading of the path: a purge of any of its spellings finds an entry by it. */
  readonly folded: string;
  /** Other routes that an origin might read in the path, with what the credential is to them. */
  readonly also: readonly Requirement[];
  /** What the credential turned out to be; null where the route has no scope. */
  readonly identity: IdentityResult | null;
  /** The scope filled with that identity's values; null where a claim of it cannot be used. */
  readonly partition: Partition | null;
  readonly switches: Switches;
}

/** What a request has to satisfy beside the rules of its route. */
export type Requirement = Pick<DecideInput, 'route' | 'identity' | 'partition'>;
