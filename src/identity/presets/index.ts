/**
 * Identity providers that many sites use, each a plain function that returns the settings of a provider. `import { auth0 } from 'claimcache/providers'`.
 */

export { type Auth0Options, auth0 } from './auth0.ts';
export { type AuthjsOptions, authjs } from './authjs.ts';
export { type ClerkOptions, clerk } from './clerk.ts';
export { type CognitoOptions, cognito } from './cognito.ts';
export { type EntraOptions, entra } from './entra.ts';
export { type FirebaseOptions, firebase } from './firebase.ts';
export { type GoogleOptions, google } from './google.ts';
export { type KeycloakOptions, keycloak } from './keycloak.ts';
export { type OktaOptions, okta } from './okta.ts';
export { type SupabaseOptions, supabase } from './supabase.ts';
