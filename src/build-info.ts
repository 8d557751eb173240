export interface BuildInfo {
  /** Of package.json. */
  readonly version: string;
  /** Of the sources, or null where they are not under version control. */
  readonly revision: string | null;
  /** ISO 8601, UTC; SOURCE_DATE_EPOCH where that is set. */
  readonly builtAt: string | null;
}

/**
 * What was built, as inputs of the build, which webpack puts in the place of this module: a clock read in here would be frozen into
 * the image. Sources that run as they are, in the tools and their tests, are not built.
 */
const buildInfo: BuildInfo = { version: 'unbuilt', revision: null, builtAt: null };
export default buildInfo;
