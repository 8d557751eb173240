import type { RequestContext } from '../../platform/request-context.ts';
import type { Policy } from '../../policy/policy.ts';
import { passOriginRequest } from '../planned-origin-request.ts';
import type { PassPlan } from '../planned-request.ts';

/** Those of the hop, which were looked at, and what says how to keep an answer: there is none to keep. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['connection', 'upgrade', 'cache-control', 'pragma']);

/**
 * Whether the origin gets a field with the request as it came that it would not get from the pass lane, or not so: control fields, those that
 * only the edge may set, by whatever spelling; a second credential; cookies that are read in two ways. Null, or which.
 */
export function whyChanged(policy: Policy, context: RequestContext, plan: PassPlan): string | null {
  const { headers } = passOriginRequest(policy, plan, context, null, () => {});
  for (const [name, value] of context.request.headers) {
    if (NOT_COMPARED.has(name)) continue;
    const sent = headers.get(name);
    if (sent === null) return `${name} reaches no origin`;
    if (name === 'host' ? sent !== value.toLowerCase() : sent !== value)
      return `${name} would reach the origin otherwise`;
  }
  return null;
}
