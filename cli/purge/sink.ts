import type { Outcome } from '../base/retry.ts';

/** Where purges go: Fastly's API, or the service's own endpoint. */
export interface PurgeSink {
  /** For the summary, without a credential. */
  readonly name: string;
  /** What to do where a batch has failed with that status; null: nobody answered. */
  hint(status: number | null): string;
  /** The call that `keys` would make, as `--dry-run` prints it. */
  describe(keys: readonly string[], soft: boolean): ApiCall;
  /** One batch. `onWait` is told of every pause that the other side asks for. */
  send(keys: readonly string[], soft: boolean, onWait: OnWait): Promise<Outcome>;
  /** Everything at once; null where the other side has no such call and every route's key is purged instead. */
  readonly all: { describe(): ApiCall; send(onWait: OnWait): Promise<Outcome> } | null;
}

export type OnWait = (waitMs: number, why: string) => void;

export interface ApiCall {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}
