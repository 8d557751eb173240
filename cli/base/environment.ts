/** The environment variables that commands read. */
export interface Environment {
  /** The token for Fastly's API. */
  readonly FASTLY_API_TOKEN?: string | undefined;
  /** Where `purge` and `revoke` find that API. The token is sent there. `https:`, or `http:` on this machine. Default: `https://api.fastly.com`. */
  readonly FASTLY_API_ENDPOINT?: string | undefined;
  /** The service, where `--service-id` is not given. Without both: `service_id` of fastly.toml. */
  readonly FASTLY_SERVICE_ID?: string | undefined;
  /** The operator's token, for a service that is not the demo. */
  readonly CLAIMCACHE_OPERATOR_TOKEN?: string | undefined;
  /** For `audit --origin`: the secret of a locked origin. */
  readonly CLAIMCACHE_ORIGIN_SECRET?: string | undefined;
  /** For `dev`: the path of Viceroy. Default: one on the PATH, else one that an earlier run built, that the fastly command downloads, or that cargo builds. */
  readonly VICEROY?: string | undefined;
  /** Any value: no colours. Off a terminal there are none. */
  readonly NO_COLOR?: string | undefined;
  /** Others, which users.json and fastly.toml name. */
  readonly [name: string]: string | undefined;
}
