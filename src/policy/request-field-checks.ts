import type { Report } from './policy-error.ts';
import { cgiName, isPlain } from './request-fields/cgi-name.ts';
import { isAddressHeader } from './request-fields/client-address-names.ts';
import { isDangerous } from './request-fields/dangerous-fields.ts';
import { isControl } from './request-fields/let-in.ts';
import { compileRequestFields, ownFields, readFields } from './request-fields/request-headers.ts';
import type { PolicyInput } from './routes/route.ts';
import { NEVER_OVERWRITTEN } from './scopes/scope-checks.ts';

/** What is wrong with the request fields that a policy lets in, drops and reads. */
export function requestFieldProblems(policy: PolicyInput, report: Report): void {
  const own = new Map(ownFields(policy).map(({ name, at }) => [cgiName(name), at]));
  policy.requestHeaders?.allow?.forEach((header, i) => {
    checkLetIn(header.toLowerCase(), `requestHeaders.allow.${i}`, own, report);
  });
  checkDrop(policy, report);
  const { allow } = compileRequestFields(policy);
  for (const { name, at } of readFields(policy)) {
    if (!isPlain(name)) checkLetIn(name, at, own, report);
    else if ((isDangerous(name) && !isAddressHeader(name) && !allow.has(name)) || isControl(name)) {
      const mend = isControl(name)
        ? 'No client may send this field: choose another.'
        : 'Clients are not let in with this field, because origins trust it: add it to requestHeaders.allow if yours does not.';
      report('POLICY_CONFLICT', at, name, mend);
    }
  }
}

/** A name that is to be let in, in lower case. */
function checkLetIn(name: string, at: string, own: ReadonlyMap<string, string>, report: Report): void {
  const read = cgiName(name);
  const by = own.get(read);
  if (isControl(name) || (!isPlain(name) && NEVER_OVERWRITTEN.has(read))) {
    report('POLICY_UNSAFE', at, name, 'Only the edge may say this to an origin: remove it.');
  } else if (by !== undefined) {
    report('POLICY_UNSAFE', at, name, `The edge sets this field itself (${by}): remove it here.`);
  } else if (!isPlain(name) && isDangerous(read)) {
    report('POLICY_UNSAFE', at, name, `Some read ${read} in it: write that, if it is meant.`);
  } else if (isPlain(name) && !isDangerous(name)) {
    report('POLICY_CONFLICT', at, name, 'It is let in in any case: remove it.');
  }
}

function checkDrop(policy: PolicyInput, report: Report): void {
  const needed = new Set([...NEVER_OVERWRITTEN, ...readFields(policy).map(({ name }) => name)]);
  for (const name of ['user-agent', 'accept-encoding']) needed.delete(name);
  const allowed = (policy.requestHeaders?.allow ?? []).map((name) => name.toLowerCase());
  policy.requestHeaders?.drop?.forEach((header, i) => {
    const text = header.toLowerCase();
    const isMeant = (name: string) =>
      text.endsWith('*') ? name.startsWith(text.slice(0, -1)) : name === text;
    const clash = [...needed, ...allowed].find(isMeant);
    if (clash === undefined) return;
    const mend = `HTTP or this policy needs ${clash}: drop something narrower.`;
    report('POLICY_CONFLICT', `requestHeaders.drop.${i}`, header, mend);
  });
}
