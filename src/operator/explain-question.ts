/** A request to explain: nothing of it is sent to anybody. */
export interface ExplainQuestion {
  readonly method: string;
  /** Absolute, and as raw as a client would send it. */
  readonly url: string;
  readonly headers: Headers;
  readonly clientAddress: string | null;
  /** Where what it asks stands in its body. */
  readonly body: string | null;
  /** What the origin answers, or null where that is not asked. */
  readonly response: { readonly status: number; readonly headers: Headers } | null;
  /** Claim values, and what is made of them, are shown. */
  readonly showValues: boolean;
}
