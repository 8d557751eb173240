/** The body of a request that only asks, on a route that is cached by it; `unread`: so far nobody had to wait for it. */
export type Content =
  | { readonly kind: 'unread' }
  | { readonly kind: 'unkeyed'; readonly why: UnkeyedBody }
  | KeyedContent;

/** A body that is part of the key. The origin gets these very bytes, as this media type. */
export interface KeyedContent {
  readonly kind: 'keyed';
  readonly method: string;
  /** null: the client has named none. */
  readonly mediaType: string | null;
  readonly bytes: Uint8Array;
  /** Of all of that: another text for another request. */
  readonly digest: string;
}

/**
 * Why a body cannot be part of a key. `fields`: the request says more of it than its media type, such as `Content-Encoding`;
 * `length`: it is empty, or longer than the route allows; `json`: not JSON that everybody reads alike; `no-transform`: it would have to be
 * written in another way.
 */
export type UnkeyedBody = 'media-type' | 'fields' | 'length' | 'json' | 'no-transform';

export const UNREAD: Content = { kind: 'unread' };
