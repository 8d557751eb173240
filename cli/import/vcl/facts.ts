import type { Note } from '../draft.ts';

/** Before the cache is asked, or when the origin has answered. */
export type Phase = 'request' | 'response';

/** What the statements of a VCL come to, before they are routes. */
export interface VclFacts {
  /** In the order of the source: what passes, and what ends with an answer from the cache. */
  readonly decided: { readonly glob: string; readonly line: number; readonly isPass: boolean }[];
  /** Paths whose cookies are removed, without an end: what follows may still pass. */
  readonly stripped: { readonly glob: string; readonly line: number }[];
  /** All cookies are removed of what has not passed. */
  stripsAll: number | null;
  /** Patterns of cookies of which one makes a request pass. */
  readonly cookies: Set<string>;
  /** Any cookie makes a request pass, or is in the key. */
  hasAnyCookie: boolean;
  /** A pass was asked for by what a policy cannot tell: nothing may be kept. */
  uncertain: number | null;
  readonly lifetimes: {
    readonly glob: string;
    readonly line: number;
    readonly seconds: number;
    readonly isDefault: boolean;
  }[];
  staleSeconds: number | null;
  staleIfErrorSeconds: number | null;
  readonly negative: Record<number, number>;
  readonly stripSetCookie: { readonly glob: string; readonly line: number }[];
  readonly vary: Set<string>;
  /** Request headers that the VCL sets itself: variables, and nothing that a client sends. */
  readonly assigned: Set<string>;
  isPerToken: boolean;
  readonly ignoreQuery: Set<string>;
  ignoresQuery: boolean;
  https: boolean;
  /** Refusals and access rules: what they were. */
  readonly guards: { readonly text: string; readonly line: number }[];
  readonly backends: {
    readonly name: string;
    readonly paths: readonly string[];
    readonly host: string | null;
    readonly line: number;
  }[];
  readonly notes: Note[];
}

export function noFacts(): VclFacts {
  return {
    decided: [],
    stripped: [],
    stripsAll: null,
    cookies: new Set(),
    hasAnyCookie: false,
    uncertain: null,
    lifetimes: [],
    staleSeconds: null,
    staleIfErrorSeconds: null,
    negative: {},
    stripSetCookie: [],
    vary: new Set(),
    assigned: new Set(),
    isPerToken: false,
    ignoreQuery: new Set(),
    ignoresQuery: false,
    https: false,
    guards: [],
    backends: [],
    notes: [],
  };
}
