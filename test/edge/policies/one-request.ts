import { definePolicy } from '../../../src/policy/define.ts';
import site from '../../site/src/policy.ts';

/** The test site, with a sandbox for each request. */
export default definePolicy({ ...site, limits: { sandboxRequests: 1 } });
