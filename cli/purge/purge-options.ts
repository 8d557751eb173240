/** What stands behind `claimcache purge`. */
export interface PurgeOptions {
  readonly key?: string[];
  readonly route?: string[];
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly soft?: boolean;
  readonly file?: string;
  readonly typed?: boolean;
  readonly state?: string;
  readonly local?: string | true;
  readonly serviceId?: string;
  readonly policy?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
