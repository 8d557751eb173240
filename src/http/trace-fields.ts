import type { ReadonlyFields } from './fields.ts';

/** Version, trace, parent and flags (Trace Context, section 3.2). What a later version appends is not known, and goes no further. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Of one vendor (section 3.3.1.3). */
const KEY = /^(?:[a-z0-9][_0-9a-z*/-]{0,255}|[a-z0-9][_0-9a-z*/-]{0,240}@[a-z][_0-9a-z*/-]{0,13})$/;
/** Without what opens markup, quotes or scripts, which the grammar allows: an origin may print it. */
const VALUE = /^[!#$%()*+./0-9:;?@A-Z[\\\]^_a-z{|}~-]{1,256}$/;
const MAX_TRACESTATE = 512;
const MAX_MEMBERS = 32;

/**
 * The fields of `forwardHeaders` as an origin gets them: a client's trace where it is one by the letter of its grammar, and a request
 * id of the edge's own. null: the origin gets none of that name.
 *
 * @param names - Of the policy.
 */
export function traceFields(
  names: readonly string[],
  headers: ReadonlyFields,
  requestId: string,
): readonly (readonly [name: string, value: string | null])[] {
  if (names.length === 0) return NONE;
  const parent = headers.get('traceparent');
  const isTraced = parent !== null && TRACEPARENT.test(parent);
  const fields: [string, string | null][] = [];
  for (const name of names) {
    if (name === 'x-request-id') fields.push([name, requestId]);
    else if (!isTraced) fields.push([name, null]);
    else fields.push([name, name === 'traceparent' ? parent : tracestate(headers.get(name))]);
  }
  return fields;
}

const NONE: readonly never[] = [];

/** A list of members, each vendor once; null where it is none. */
function tracestate(field: string | null): string | null {
  if (field === null || field.length > MAX_TRACESTATE) return null;
  const members = field.split(',');
  const vendors = new Set<string>();
  for (const text of members) {
    const member = text.trim();
    if (member === '') continue;
    const equals = member.indexOf('=');
    const vendor = member.slice(0, Math.max(equals, 0));
    if (!KEY.test(vendor) || !VALUE.test(member.slice(equals + 1)) || vendors.has(vendor)) return null;
    vendors.add(vendor);
  }
  return vendors.size === 0 || members.length > MAX_MEMBERS ? null : field;
}
