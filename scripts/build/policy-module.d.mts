import type { Policy } from '../../src/types/policy.ts';

export function policyModule(policy: Policy): string;
