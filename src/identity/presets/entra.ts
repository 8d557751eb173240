import type { ProviderInput } from '../../policy/providers/provider.ts';
import { invalid, keysAt, listOption, type PresetOptions } from './options.ts';

export interface EntraOptions extends PresetOptions {
  /** The tenant's id (a GUID), or `common` or `organizations` for an application of several tenants. */
  readonly tenantId: string;
  /** The client id of the application that the token is for, as in `aud`. */
  readonly clientId: string | readonly string[];
  /** Ids of the tenants whose users count. Required with `common` and `organizations`. */
  readonly tenants?: readonly string[];
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HOST = 'https://login.microsoftonline.com';

/**
 * Tokens of Microsoft Entra ID, version 2.0. The issuer names the tenant (`tid`), and is part of the identity. The person is `oid`; `sub` is another one for
 * each application. Backend: `entra`.
 *
 * Source: Microsoft identity platform documentation, "Access tokens", validation of the issuer, and "Claims validation".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { entra: entra({ tenantId: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490', clientId: '6e74172b-be56-4843-9ff4-e66a39bb12e3' }) },
 * scopes: { user: { claims: 'oid' } },
 */
export function entra({ tenantId, clientId, tenants, backend = 'entra' }: EntraOptions): ProviderInput {
  const tenant = String(tenantId).toLowerCase();
  const isShared = tenant === 'common' || tenant === 'organizations';
  if (!isShared && !GUID.test(tenant))
    throw invalid('entra', 'tenantId', tenantId, 'the GUID of a tenant, "common" or "organizations"');
  if (isShared && tenants === undefined)
    throw invalid('entra', 'tenants', tenants, `the list of tenants whose users count, beside "${tenant}"`);
  const allowed = listOption('entra', 'tenants', isShared ? tenants : [tenant]).map((id) => id.toLowerCase());
  const wrong = allowed.find((id) => !GUID.test(id));
  if (wrong !== undefined) throw invalid('entra', 'tenants', wrong, 'GUIDs of tenants');
  return {
    algorithms: ['RS256'],
    keys: keysAt(`${HOST}/${tenant}/discovery/v2.0/keys`, backend),
    issuer: isShared ? `${HOST}/{tid}/v2.0` : `${HOST}/${tenant}/v2.0`,
    audience: listOption('entra', 'clientId', clientId),
    requiredClaims: { tid: allowed },
  };
}
