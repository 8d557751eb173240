import { definePolicy } from '../../../src/policy/define.ts';
import site from '../../site/src/policy.ts';

/** The test site, with a sandbox for each request, and its log where `fastly log-tail` shows it: one service for both tests. */
export default definePolicy({ ...site, logEndpoint: 'stdout', limits: { sandboxRequests: 1 } });
