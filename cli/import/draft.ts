import type { CmsInput } from '../../src/policy/cms/cms.ts';
import type { OriginInput } from '../../src/policy/origins.ts';
import type { PolicyInput } from '../../src/policy/policy.ts';
import type { ProviderInput } from '../../src/policy/providers/provider.ts';
import type { RouteInput } from '../../src/policy/routes/route.ts';
import type { ScopeInput } from '../../src/policy/scopes/scope.ts';

/** What no source tells and the policy cannot do without: it does not build until somebody writes it. */
export class Todo {
  /** The open setting, as the build names it. */
  readonly what: string;
  /** Stands for the answer while the import looks at its own policy; it is never written. */
  readonly standIn: unknown;

  constructor(what: string, standIn: unknown) {
    this.what = what;
    this.standIn = standIn;
  }
}

/** A value, or that it is missing. */
export type Known<T> = { readonly [K in keyof T]: T[K] | Todo };

export interface Note {
  /**
   * `done`: it means the same here. `changed`: it means something else here, and what. `not-carried`: nothing stands for it.
   * `todo`: the policy does not build before somebody answers.
   */
  readonly kind: 'done' | 'changed' | 'not-carried' | 'todo';
  /** In the source; 0: nowhere in particular. */
  readonly line: number;
  readonly text: string;
}

export interface DraftRoute extends Known<RouteInput> {
  readonly path: string | Todo;
}

/** A policy on its way to be written. */
export interface Draft {
  readonly origins: Readonly<Record<string, OriginInput>>;
  readonly cms?: CmsInput;
  readonly providers?: Readonly<Record<string, Known<ProviderInput>>>;
  readonly scopes?: Readonly<Record<string, ScopeInput>>;
  readonly routes: Readonly<Record<string, DraftRoute>>;
  readonly ignoreQuery?: readonly string[];
  readonly https?: PolicyInput['https'];
  readonly hosts?: readonly string[];
}

/** A secret of the source, which has to get into the Secret Store and nowhere else. */
export interface FoundSecret {
  readonly item: string;
  /** null: the source only names it. */
  readonly value: string | null;
  readonly line: number;
}

export interface Imported {
  readonly draft: Draft;
  readonly notes: readonly Note[];
  readonly secrets: readonly FoundSecret[];
  /** Why a route is there, by its name: a comment in the policy. */
  readonly comments: ReadonlyMap<string, string>;
}

/** What a person can say that no source has. */
export interface Answers {
  readonly issuer?: string;
  readonly audience?: string;
  readonly jwksUrl?: string;
  readonly discovery?: string;
  readonly algorithm?: string;
  readonly claim?: string;
  readonly tokenCookie?: string;
  /** For a bare cache policy: which paths it is for. */
  readonly path?: string;
  /** What the source had before its cache and that is done elsewhere now: `functions`, `signatures`, `refusals`. */
  readonly without: ReadonlySet<string>;
}
