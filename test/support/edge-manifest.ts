import { stringify } from 'smol-toml';
import type { LocalKeys } from '../../scripts/local-keys.ts';

/** Shows what is decided of a request. */
export const DEBUG_TOKEN = 'debug-token-of-the-tests';

export interface EdgeSettings {
  readonly originUrl: string;
  /** Items of the Config Store, beside `cache_engine` and `partner_jwks`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Items of the Secret Store; null takes one of the test site's away. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** Further backends by name, beside `origin`. */
  readonly backends?: Readonly<Record<string, string>>;
  /** What the platform's health check says of them: `healthy`, `unhealthy`; else `unknown`. */
  readonly health?: Readonly<Record<string, 'healthy' | 'unhealthy'>>;
  /** Of backends with `https:`, by name: whom the edge believes, under which name, and who it is. Files in PEM. */
  readonly tls?: Readonly<Record<string, BackendTls>>;
  /** Shield locations: `local`, or where the instance listens that stands there. */
  readonly shieldingSites?: Readonly<Record<string, string>>;
}

export interface BackendTls {
  readonly host: string;
  readonly authority: string;
  /** null: it says nothing of itself. */
  readonly client: { readonly certificate: string; readonly key: string } | null;
}

/** The items of the Config Store. */
export function configItems(settings: Pick<EdgeSettings, 'config'>, keys: LocalKeys): Record<string, string> {
  return { cache_engine: 'auto', partner_jwks: JSON.stringify(keys.partnerJwks), ...settings.config };
}

/** The manifest of a local server with stores of its own; its Config Store is the JSON file `config.json` beside it. */
export function edgeManifest(settings: EdgeSettings, keys: LocalKeys): string {
  const secrets: Record<string, string | null> = {
    app_hs256: keys.appSecret,
    operator_token: keys.operatorToken,
    fingerprint_key: keys.fingerprintKey,
    origin_secret: keys.originSecret,
    debug_token: DEBUG_TOKEN,
    ...settings.secrets,
  };
  const backends = { origin: settings.originUrl, ...settings.backends };
  return stringify({
    manifest_version: 3,
    name: 'claimcache-test',
    language: 'other',
    local_server: {
      backends: Object.fromEntries(
        Object.entries(backends).map(([name, url]) => [
          name,
          {
            url,
            ...(settings.health?.[name] && { health: settings.health[name] }),
            ...(settings.tls?.[name] && tlsOf(settings.tls[name])),
          },
        ]),
      ),
      shielding_sites: Object.fromEntries(
        Object.entries(settings.shieldingSites ?? {}).map(([name, url]) => [
          name,
          url === 'local' ? url : { encrypted: url, unencrypted: url },
        ]),
      ),
      secret_stores: {
        claimcache_secrets: Object.entries(secrets).flatMap(([key, data]) =>
          data === null ? [] : [{ key, data }],
        ),
      },
      config_stores: { claimcache_config: { format: 'json', file: 'config.json' } },
      kv_stores: { claimcache_revocations: [] },
    },
  });
}

function tlsOf({ host, authority, client }: BackendTls) {
  return {
    cert_host: host,
    use_sni: true,
    ca_certificate: { file: authority },
    ...(client && { client_certificate: { certificate_file: client.certificate, key_file: client.key } }),
  };
}
