/** A request to explain: nothing of it is sent to anybody. */
export interface ExplainQuestion {
  readonly method: string;
  /** Absolute, and as raw as a client would send it. */
  readonly url: string;
  readonly headers: Headers;
  readonly clientAddress: string | null;
  /** Of a POST to a GraphQL endpoint. */
  readonly body: string | null;
  /** What the origin answers, or null where that is not asked. */
  readonly response: { readonly status: number; readonly headers: Headers } | null;
  /** Claim values, and what is made of them, are shown. */
  readonly showValues: boolean;
}
