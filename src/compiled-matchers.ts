import policy from './compiled-policy.ts';
import { compileMatchers } from './router/matchers.ts';

/** The matchers of the service's policy. webpack puts the code that rou3's compiler writes in the place of this module. */
export default compileMatchers(policy);
