import { definePolicy } from '../../../src/policy/define.ts';
import site from '../../site/src/policy.ts';

/** The test site, with its log where `fastly log-tail` shows it. */
export default definePolicy({ ...site, logEndpoint: 'stdout' });
