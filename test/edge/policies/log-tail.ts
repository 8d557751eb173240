import demo from '../../../service/policy.ts';
import { definePolicy } from '../../../src/policy/define.ts';

/** The demo, with its log where `fastly log-tail` shows it. */
export default definePolicy({ ...demo, logEndpoint: 'stdout' });
