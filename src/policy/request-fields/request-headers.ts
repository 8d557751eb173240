import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { headerName, headerNames, list, object } from '../settings.ts';
import { cgiName, isPlain } from './cgi-name.ts';
import { type ClientAddressInput, compileClientAddress } from './client-address.ts';
import { isAddressHeader } from './client-address-names.ts';
import { isDangerous } from './dangerous-fields.ts';
import { DANGERS, dangerOf } from './dangers.ts';
import type { ForwardHeaderInput } from './forward-headers.ts';
import { isControl, type RequestFields } from './let-in.ts';
import { type NamedField, type NamingFields, readFields, setFields } from './named-fields.ts';
import { NEVER_OVERWRITTEN } from './never-overwritten.ts';
import { URL_FIELDS } from './unkeyed-fields.ts';

/**
 * Which request fields of a client go further. What holds without it: fields that an origin could take for the word of a proxy
 * (`X-Forwarded-Host`, `X-Original-URL`, `X-HTTP-Method-Override`: docs/reference/request-fields.md has the list) are dropped on every lane, and so are
 * names with anything but letters, digits and `-`. What the edge sets itself (`X-Forwarded-Host`, `-Proto`, `-Port`, `Forwarded`) no policy lets in.
 */
export interface RequestHeadersInput {
  /**
   * Exact names that are let in all the same, such as `x-http-method-override` or `api_key`. `claimcache check` warns of each. Never allowed:
   * `X-Claimcache-*`, `Fastly-*`, `Surrogate-*`, `X-Auth-Route`, host and scheme, and headers that the policy sends.
   */
  readonly allow?: readonly string[];
  /** Further ones that no origin gets from a client: exact names, or beginnings such as `x-internal-*`. */
  readonly drop?: readonly string[];
}

export const requestHeaders = object({
  allow: v.optional(list(headerName, '["x-http-method-override"]')),
  drop: v.optional(list(headerNames, '["x-internal-*"]')),
});

interface Sections extends NamingFields {
  readonly requestHeaders?: RequestHeadersInput;
  readonly clientAddress?: ClientAddressInput;
  readonly forwardHeaders?: readonly ForwardHeaderInput[];
}

/** Fields that only the edge may set towards an origin, as this policy says. */
function ownFields(input: Sections): readonly NamedField[] {
  const address = compileClientAddress(input.clientAddress);
  return [
    ...setFields(input),
    ...address.map((name, i) => ({ name, at: `clientAddress.headers.${i}` })),
    // Of those that are forwarded the one that no client sends.
    ...(input.forwardHeaders?.includes('x-request-id')
      ? [{ name: 'x-request-id', at: 'forwardHeaders' }]
      : []),
  ];
}

/** What is wrong with the request fields that a policy lets in, drops and reads. */
export function requestFieldProblems(policy: Sections, report: Report): void {
  const own = new Map(Array.from(URL_FIELDS, (name) => [name, 'the URL that was asked for']));
  for (const { name, at } of ownFields(policy)) own.set(cgiName(name), at);
  policy.requestHeaders?.allow?.forEach((header, i) => {
    checkLetIn(header.toLowerCase(), `requestHeaders.allow.${i}`, own, report);
  });
  checkDrop(policy, report);
  for (const { name, at } of setFields(policy)) {
    if (!URL_FIELDS.has(cgiName(name))) continue;
    const fix = 'The edge says in this field which URL was asked for: choose a name of your own.';
    report('POLICY_CONFLICT', at, name, fix);
  }
  const { allow } = compileRequestFields(policy);
  for (const { name, at } of readFields(policy)) {
    if (URL_FIELDS.has(cgiName(name))) {
      const fix = 'The edge sets this field itself, and host and scheme are part of every key: remove it.';
      report('POLICY_CONFLICT', at, name, fix);
    } else if (!isPlain(name)) checkLetIn(name, at, own, report);
    else if ((isDangerous(name) && !isAddressHeader(name) && !allow.has(name)) || isControl(name)) {
      const fix = isControl(name)
        ? 'No client may send this field: choose another.'
        : 'Clients are not let in with this field, because origins trust it: add it to requestHeaders.allow if yours does not.';
      report('POLICY_CONFLICT', at, name, fix);
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

function checkDrop(policy: Sections, report: Report): void {
  const needed = new Set([...NEVER_OVERWRITTEN, ...readFields(policy).map(({ name }) => name)]);
  for (const name of ['user-agent', 'accept-encoding']) needed.delete(name);
  const allowed = (policy.requestHeaders?.allow ?? []).map((name) => name.toLowerCase());
  policy.requestHeaders?.drop?.forEach((header, i) => {
    const text = header.toLowerCase();
    const isMeant = (name: string) =>
      text.endsWith('*') ? name.startsWith(text.slice(0, -1)) : name === text;
    const clash = [...needed, ...allowed].find(isMeant);
    if (clash === undefined) return;
    const fix = `HTTP or this policy needs ${clash}: drop something narrower.`;
    report('POLICY_CONFLICT', `requestHeaders.drop.${i}`, header, fix);
  });
}

/** Which fields of a client go further than to the edge. */
export function compileRequestFields(input: Sections): RequestFields {
  const { allow = [], drop = [] } = input.requestHeaders ?? {};
  const names = drop.map((name) => name.toLowerCase());
  return {
    // What the policy reads itself under a name with other characters comes in under that spelling.
    allow: new Set([
      ...allow.map((name) => name.toLowerCase()),
      ...readFields(input)
        .map(({ name }) => name)
        .filter((name) => !isPlain(name)),
    ]),
    drop: new Set([
      ...ownFields(input).map(({ name }) => cgiName(name)),
      ...names.filter((name) => !name.endsWith('*')),
    ]),
    dropBeginnings: names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1)),
  };
}

/** What may be meant, and should be known. */
export function requestFieldWarnings({ allow = [] }: RequestHeadersInput = {}): readonly string[] {
  return allow.flatMap((header, i) => {
    const name = header.toLowerCase();
    const danger = dangerOf(name);
    const why =
      danger !== null
        ? DANGERS[danger]
        : isPlain(name)
          ? null
          : `an origin in the manner of CGI reads ${cgiName(name)} in it, and clients may send both`;
    return why === null ? [] : [`requestHeaders.allow.${i}: clients may send ${name}: ${why}.`];
  });
}
