import type { Fields } from '../http/fields.ts';

/** A request to an origin. */
export interface OriginRequest {
  readonly backend: string;
  readonly method: string;
  /** Absolute URL: what the origin sees. */
  readonly url: string;
  readonly headers: Fields;
  /** Bytes can be sent more than once. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null;
  /** How long the origin may take to its response headers, where that is not the same for all. */
  readonly firstByteTimeoutMs?: number;
  /** What is made of the response before anybody else sees it. `fetchOrigin`: to ask again. */
  readonly receive?: (
    response: Response,
    fetchOrigin: (request: OriginRequest) => Promise<Response>,
  ) => Promise<Response>;
}
