import type { createChooser } from '../cache/choose-engine.ts';
import type { Router } from '../router/router.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { Identity } from '../types/identity.ts';
import type { Platform, RequestContext } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import type { OriginRequest } from '../types/readthrough.ts';
import type { Journal } from './request-log.ts';

/** Everything that lives as long as the sandbox. No field of it ever belongs to one request. */
export interface Service {
  readonly policy: Policy;
  readonly router: Router;
  readonly platform: Platform;
  readonly engineFor: ReturnType<typeof createChooser>;
  /** The platform's, with the policy's patience. */
  readonly fetchOrigin: Platform['fetchOrigin'];
}

/** One request on its way through the rooms. */
export interface Passage {
  readonly context: RequestContext;
  readonly facts: RequestFacts;
  readonly identity: Identity | null;
  /** Not read yet, or read and whole again. */
  readonly body: OriginRequest['body'];
  readonly engine: ReturnType<ReturnType<typeof createChooser>>;
  readonly journal: Journal;
}
