/** What `claimcache check` may find; docs/reference/commands.md lists the codes. Problems of the policy keep their own codes. */
export type FindingCode =
  | 'MANIFEST_MISSING'
  | 'MANIFEST_BACKEND'
  | 'MANIFEST_STORE'
  | 'MANIFEST_ITEM'
  | 'MANIFEST_FILE'
  | 'MANIFEST_LOG'
  | 'KEY_UNUSABLE'
  | 'KEY_ALGORITHM'
  | 'SECRET_TOO_SHORT'
  | 'POLICY_WARNING'
  | 'SCOPE_UNUSED'
  | 'PROVIDER_UNUSED'
  | 'ORIGIN_UNUSED'
  | 'PATTERN_TAKES_SLASHES'
  | 'ROUTE_SHADOWED'
  | 'ROUTE_LOOKALIKE'
  | 'TTL_BEYOND_TOKEN'
  | 'PATH_WITHOUT_RULE'
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
