import { compileMatchers } from '../router/matchers.ts';
import policy from './compiled-policy.ts';

/** As with the service's own matchers, webpack puts the outcome in the place of this module. */
export default compileMatchers(policy);
