import { personalPolicy } from './personal.ts';

/** Tokens that the host can verify: what verifies the others in JavaScript is not in memory. */
export default personalPolicy(['RS256', 'ES256']);
