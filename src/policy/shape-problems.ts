import * as v from 'valibot';
import { policy } from './policy.ts';
import { type PolicyProblem, redact } from './policy-error.ts';

/** Every way in which `input` has not the shape of a policy. */
export function shapeProblems(input: unknown): readonly PolicyProblem[] {
  return (v.safeParse(policy, input, { abortPipeEarly: true }).issues ?? []).map((issue) => {
    const keys = (issue.path ?? []).map(({ key }) => String(key));
    const name = keys.at(-1) ?? '';
    const place = keys.slice(0, -1).join('.') || '(policy)';
    return {
      code: keys.includes('algorithms') ? 'POLICY_ALGORITHM' : 'POLICY_SHAPE',
      path: keys.join('.'),
      value: redact(issue.input),
      fix:
        issue.expected === 'never' ? `Unknown setting "${name}" at ${place}.${issue.message}` : issue.message,
    };
  });
}
