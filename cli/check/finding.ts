/** What `claimcache check` may find; docs/reference/errors.md lists the codes. Problems of the policy keep their own codes. */
export type FindingCode =
  /** No fastly.toml, or nothing in it to compare with. */
  | 'MANIFEST_MISSING'
  /**
   * A backend of the policy is in neither `[local_server]` nor `[setup]` (error), or in one of them only (warning). `[setup]` is not
   * compared where `service_id` is set.
   */
  | 'MANIFEST_BACKEND'
  /** The same, of a store. */
  | 'MANIFEST_STORE'
  /** The same, of an item of a store. */
  | 'MANIFEST_ITEM'
  /** A file of a local store is missing or empty. */
  | 'MANIFEST_FILE'
  /** `[setup]` has no such log endpoint. */
  | 'MANIFEST_LOG'
  /** The keys in the local store verify nothing. */
  | 'KEY_UNUSABLE'
  /** The keys in the local store do not serve every algorithm of the provider. */
  | 'KEY_ALGORITHM'
  /** A local secret that tokens are verified with begins or ends with white space, such as a line break: that is part of it. */
  | 'SECRET_WHITE_SPACE'
  /**
   * A local `operator_token`, `shield_key` or secret of `cms.cookies` or `purgeHooks`, or CLAIMCACHE_OPERATOR_TOKEN, has fewer than 16
   * characters: it counts as none.
   */
  | 'SECRET_TOO_SHORT'
  /** A warning of the build. Its second line is the page that explains it. */
  | 'POLICY_WARNING'
  /** A scope that no route uses. */
  | 'SCOPE_UNUSED'
  /** A provider that no scope uses. */
  | 'PROVIDER_UNUSED'
  /** An origin that no route uses. */
  | 'ORIGIN_UNUSED'
  /** A `*` that takes more than one segment: docs/reference/policy.md#patterns-of-paths */
  | 'PATTERN_TAKES_SLASHES'
  /** Every path that was tried goes to another route. */
  | 'ROUTE_SHADOWED'
  /** A public route that an origin may take for a protected one. It is judged as the protected one, and never cached. */
  | 'ROUTE_LOOKALIKE'
  /**
   * Stored for longer than tokens live (`--token-life`; else `maxTokenAgeSeconds`, `revocation.maxTokenSeconds`, 3600), without
   * `capAtTokenExpiry`.
   */
  | 'TTL_BEYOND_TOKEN'
  /**
   * Paths that usually are personal, and are public here: by a public route, or because no route names them and `fallback` is
   * `'public'`. Where your own code answers those, write `fallback: 'pass'`.
   */
  | 'PATH_WITHOUT_RULE'
  /** A page may have more entries than `limits.variantsPerPage`. */
  | 'VARIANTS_OVER_BUDGET';

/** One thing that is wrong, or may be. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  /** Such as `routes.orders`, or a place in fastly.toml. */
  readonly where: string;
  readonly text: string;
  readonly fix: string;
}

export type Report = (
  level: Finding['level'],
  code: FindingCode,
  where: string,
  text: string,
  fix: string,
) => void;
