import { compilePolicy } from '../policy/compile.ts';
import source from './policy.ts';

/** As with the service's own policy, webpack puts the outcome in the place of this module. */
export default compilePolicy(source);
