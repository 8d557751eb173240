import { personalPolicy } from './personal.ts';

/** Tokens of every kind. */
export default personalPolicy(['RS256', 'PS256', 'ES256', 'EdDSA']);
