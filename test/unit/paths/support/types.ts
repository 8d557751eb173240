import type { PolicyInput } from '../../../../src/policy/policy.ts';

/** A segment of a pattern, as an origin's author means it. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly test: RegExp | null }
  | { readonly kind: 'rest' };

/** How an origin reads the path that it is asked for: written without a line of the service's. */
export interface OriginModel {
  readonly name: string;
  /** As segments of plain text; [] is the root. */
  readonly read: (asked: string) => readonly string[];
  /** Texts that are the same to it have the same outcome. */
  readonly same: (text: string) => string;
  /** `/a/x.css` runs what is at `/a`, where nothing is at the whole. */
  readonly hasPathInfo?: boolean;
  /** `/a.json` is `/a` in another format. */
  readonly hasFormats?: boolean;
}

/** A route of a policy, as the test reads it. */
export interface TestRoute {
  readonly name: string;
  readonly pattern: string;
  readonly pieces: readonly Piece[];
  readonly kind: 'scoped' | 'cms' | 'public';
  readonly scope: string | null;
  readonly revocation: boolean;
  /** Nobody is let in too. */
  readonly isOpen: boolean;
  readonly isSensitive: boolean;
}

export interface TestPolicy {
  readonly name: string;
  readonly input: PolicyInput;
  readonly routes: readonly TestRoute[];
  /** What parameters hold. */
  readonly words: readonly string[];
}
