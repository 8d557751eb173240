import type { ProviderInput } from '../../policy/providers/provider.ts';
import { invalid, keysAt, listOption, nameOption, type PresetOptions } from './options.ts';

export interface CognitoOptions extends PresetOptions {
  /** `eu-central-1`. */
  readonly region: string;
  /** `eu-central-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** App clients whose tokens count: `client_id` of access tokens, `aud` of ID tokens. */
  readonly clientId: string | readonly string[];
  /** Default `access`. */
  readonly tokenUse?: 'access' | 'id';
}

/**
 * Tokens of an Amazon Cognito user pool. Access tokens have `client_id` and no `aud`; ID tokens have `aud`. Backend: `cognito`.
 *
 * Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens".
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { cognito: cognito({ region: 'eu-central-1', userPoolId: 'eu-central-1_AbCdEfGhI', clientId: '4qg…' }) }
 */
export function cognito({
  region,
  userPoolId,
  clientId,
  tokenUse = 'access',
  backend = 'cognito',
}: CognitoOptions): ProviderInput {
  const place = nameOption('cognito', 'region', region);
  const pool = nameOption('cognito', 'userPoolId', userPoolId);
  if (!pool.startsWith(`${place}_`))
    throw invalid('cognito', 'userPoolId', userPoolId, `an id that begins with the region, "${place}_…"`);
  const clients = listOption('cognito', 'clientId', clientId);
  const suffix = place.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const issuer = `https://cognito-idp.${place}.${suffix}/${pool}`;
  return {
    algorithms: ['RS256'],
    keys: keysAt(`${issuer}/.well-known/jwks.json`, backend),
    issuer,
    ...(tokenUse === 'id' ? { audience: clients } : {}),
    requiredClaims: { token_use: tokenUse, ...(tokenUse === 'id' ? {} : { client_id: clients }) },
  };
}
