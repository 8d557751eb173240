import demo from '../../../service/policy.ts';
import { definePolicy } from '../../../src/policy/define.ts';

/** The demo, with a sandbox for each request. */
export default definePolicy({ ...demo, limits: { sandboxRequests: 1 } });
