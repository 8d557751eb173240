import { definePolicy } from '../../../src/policy/define.ts';
import demo from '../../../src/policy.ts';

/** The demo, with its log where `fastly log-tail` shows it. */
export default definePolicy({ ...demo, logEndpoint: 'stdout' });
