/** What was built: it is in the compiled policy, since a clock that is read at the edge would be frozen into the image. */
export interface BuildInfo {
  /** Of the package `claimcache`. */
  readonly version: string;
  /** Of the service's sources, or null where they are not under version control. */
  readonly revision: string | null;
  /** ISO 8601, UTC; SOURCE_DATE_EPOCH where that is set. */
  readonly builtAt: string | null;
}

/** Sources that run as they are, in the tools and their tests, are not built. */
export const UNBUILT: BuildInfo = { version: 'unbuilt', revision: null, builtAt: null };
