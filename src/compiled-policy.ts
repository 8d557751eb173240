import { compilePolicy } from './policy/compile.ts';
import source from './policy.ts';

/**
 * The policy that the service runs. webpack evaluates this module while the service is built and puts the outcome in its
 * place: what validates and compiles a policy would otherwise be in memory at the edge, where nobody needs it, and be
 * walked by each garbage collection.
 */
export default compilePolicy(source);
