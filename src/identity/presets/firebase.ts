import type { ProviderInput } from '../../policy/providers/provider.ts';
import { keysAt, nameOption, type PresetOptions } from './options.ts';

export interface FirebaseOptions extends PresetOptions {
  readonly projectId: string;
}

/**
 * ID tokens of Firebase Authentication. The keys are on another host than the issuer's. Backend: `firebase`, to `www.googleapis.com`.
 *
 * Source: Firebase documentation, "Verify ID Tokens", the part on third-party JWT libraries.
 *
 * @throws {TypeError} where an option is missing or not valid.
 * @example
 * providers: { firebase: firebase({ projectId: 'acme-web' }) }
 */
export function firebase({ projectId, backend = 'firebase' }: FirebaseOptions): ProviderInput {
  const project = nameOption('firebase', 'projectId', projectId);
  return {
    algorithms: ['RS256'],
    keys: keysAt(
      'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
      backend,
    ),
    issuer: `https://securetoken.google.com/${project}`,
    audience: project,
  };
}
