import type { Report } from '../policy-error.ts';
import { choice, list } from '../settings.ts';
import { cgiName } from './cgi-name.ts';
import type { NamedField } from './named-fields.ts';

/** Fields that reach an origin on every lane without being part of a key: a closed list, for no page may depend on one. */
export type ForwardHeaderInput = 'traceparent' | 'tracestate' | 'x-request-id';

export const forwardHeaders = list(choice('traceparent', 'tracestate', 'x-request-id'), '["traceparent"]', {
  atLeast: 1,
});

interface Sections {
  readonly forwardHeaders?: readonly ForwardHeaderInput[];
  readonly requestHeaders?: { readonly drop?: readonly string[] };
}

/**
 * What is wrong with it.
 *
 * @param named - Fields that mean something to this policy, and where.
 */
export function forwardHeaderProblems(
  { forwardHeaders = [], requestHeaders }: Sections,
  named: readonly NamedField[],
  report: Report,
): void {
  const isDropped = (name: string) =>
    requestHeaders?.drop?.some((drop) =>
      drop.endsWith('*') ? name.startsWith(drop.slice(0, -1).toLowerCase()) : drop.toLowerCase() === name,
    );
  forwardHeaders.forEach((name, i) => {
    const at = `forwardHeaders.${i}`;
    const by = named.find((field) => cgiName(field.name) === name)?.at;
    if (by !== undefined) {
      const fix = `What is forwarded is no part of a key, and this policy decides by it (${by}): remove one of the two.`;
      report('POLICY_CONFLICT', at, name, fix);
    }
    if (isDropped(name))
      report('POLICY_CONFLICT', at, name, 'requestHeaders.drop has it too: remove one of the two.');
    if (name === 'tracestate' && !forwardHeaders.includes('traceparent')) {
      const fix = 'Without traceparent it means nothing (Trace Context, section 3.3): forward both.';
      report('POLICY_CONFLICT', at, name, fix);
    }
  });
}

export function compileForwardHeaders(input: readonly ForwardHeaderInput[] = []): readonly string[] {
  return [...new Set(input)].sort();
}
