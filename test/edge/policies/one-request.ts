import { definePolicy } from '../../../src/policy/define.ts';
import demo from '../../../src/policy.ts';

/** The demo, with a sandbox for each request. */
export default definePolicy({ ...demo, limits: { sandboxRequests: 1 } });
