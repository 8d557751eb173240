import { RESERVED_SCOPES } from '../../keys/surrogate-key.ts';
import { parseClaimPath } from '../claims/claim-path.ts';
import { unknownName } from '../names.ts';
import type { Report } from '../policy-error.ts';
import { isPlain } from '../request-fields/cgi-name.ts';
import { isControl, isLetIn } from '../request-fields/let-in.ts';
import { compileRequestFields } from '../request-fields/request-headers.ts';
import { claimsOf, type ScopesInput } from '../scopes/scope.ts';
import { signatureFields } from './hook-signature.ts';
import type { PurgeHookInput, PurgeHooksInput } from './purge-hook.ts';
import { type PurgeRuleInput, parseTemplate, valuePaths } from './purge-rule.ts';

type Sections = Parameters<typeof compileRequestFields>[0] & {
  readonly purgeHooks?: PurgeHooksInput;
  readonly scopes?: ScopesInput;
};

/** More levels than a body has that somebody has written a rule for. */
const MAX_LEVELS = 16;
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?(?::\d{1,5})?$/i;

/** What is wrong with the senders that purge. */
export function purgeHookProblems(policy: Sections, report: Report): void {
  for (const [name, hook] of Object.entries(policy.purgeHooks ?? {})) {
    const at = `purgeHooks.${name}`;
    checkFields(policy, `${at}.signature`, hook, report);
    checkTime(`${at}.signature`, hook, report);
    for (const [i, rule] of hook.purge.entries()) checkRule(policy, `${at}.purge.${i}`, rule, report);
  }
}

/** A field that does not come so far proves nothing. */
function checkFields(policy: Sections, at: string, { signature }: PurgeHookInput, report: Report): void {
  const fields = compileRequestFields(policy);
  for (const name of signatureFields(signature)) {
    if (isLetIn(name, fields) && name !== 'cookie') continue;
    const fix =
      isControl(name) || !isPlain(name) || name === 'cookie'
        ? 'Clients are not let in with this field: let the sender use another, of letters, digits and -.'
        : 'This field is dropped before anything reads it: take it out of requestHeaders.drop, or add it to requestHeaders.allow.';
    report('POLICY_CONFLICT', at, name, fix);
  }
}

function checkTime(at: string, { signature }: PurgeHookInput, report: Report): void {
  if ('format' in signature || signature.signed === undefined) return;
  const isNamed = signature.signed.includes('{timestamp}');
  if (isNamed === (signature.timestamp !== undefined)) return;
  const fix = isNamed
    ? 'Say in timestamp: { header } which field holds the time.'
    : 'A time that is not signed can be written by anybody: put {timestamp} into signed, or remove timestamp.';
  report('POLICY_UNSAFE', `${at}.signed`, signature.signed, fix);
}

function checkRule(policy: Sections, at: string, rule: PurgeRuleInput, report: Report): void {
  if ('scope' in rule) checkScope(policy, at, rule, report);
  else if ('route' in rule) checkRoute(policy, `${at}.route`, rule.route, report);
  else checkTemplate(policy, at, rule, report);
}

function checkRoute({ routes }: Sections, at: string, name: string, report: Report): void {
  const known = [...Object.keys(routes), 'default'];
  if (!known.includes(name)) report('POLICY_UNKNOWN_REFERENCE', at, name, unknownName('route', name, known));
}

function checkTemplate(
  policy: Sections,
  at: string,
  rule: Extract<PurgeRuleInput, { key: string } | { url: string }>,
  report: Report,
): void {
  const [setting, text] = 'key' in rule ? (['key', rule.key] as const) : (['url', rule.url] as const);
  const template = parseTemplate(text);
  if (template === null) {
    const fix = 'Expected text with paths of the body in braces, such as "page:{fields.slug}".';
    report('POLICY_PATTERN', `${at}.${setting}`, text, fix);
    return;
  }
  for (const piece of template) if (typeof piece !== 'string') checkLevels(`${at}.${setting}`, piece, report);
  if ('key' in rule) checkKey(policy, `${at}.key`, rule.key, report);
  else checkUrl(`${at}.url`, rule.url, template.length, report);
}

function checkScope(
  { scopes = {} }: Sections,
  at: string,
  rule: Extract<PurgeRuleInput, { scope: string }>,
  report: Report,
): void {
  const scope = Object.hasOwn(scopes, rule.scope) ? scopes[rule.scope] : undefined;
  const setting = 'values' in rule ? 'values' : 'value';
  for (const path of valuePaths(rule)) {
    const parsed = parseClaimPath(path);
    if (parsed !== null) checkLevels(`${at}.${setting}`, parsed, report);
    else {
      const fix =
        'Names are joined by dots and not empty; write a dot inside a name as \\\\.: "data.customer.id".';
      report('POLICY_CLAIM_PATH', `${at}.${setting}`, path, fix);
    }
  }
  if (scope === undefined) {
    const known = Object.keys(scopes);
    report('POLICY_UNKNOWN_REFERENCE', `${at}.scope`, rule.scope, unknownName('scope', rule.scope, known));
    return;
  }
  const claims = claimsOf(scope);
  const { parts = [] } = scope;
  const wanted = claims.length === 0 ? parts.length : claims.length;
  if (claims.length === 0 && parts.some((part) => 'set' in part)) {
    report(
      'POLICY_CONFLICT',
      `${at}.scope`,
      rule.scope,
      'A scope of a set is purged by `claimcache purge`: name another.',
    );
  } else if (valuePaths(rule).length !== wanted) {
    const fix = `This scope has ${wanted} value${wanted === 1 ? '' : 's'}: write as many paths, in its order${wanted > 1 ? ', as values: [...]' : ''}.`;
    report('POLICY_CONFLICT', `${at}.${setting}`, valuePaths(rule), fix);
  }
}

/** A value must not make another kind of key of it: `u{x}` with `ser:42` would be somebody's. */
function checkKey({ scopes = {} }: Sections, at: string, key: string, report: Report): void {
  const [literal = ''] = key.split('{');
  if (!/^[\u0021-\u007e]+$/.test(key.replace(/\{[^{}]*\}/g, 'x')) || key.length > 512) {
    report(
      'POLICY_PATTERN',
      at,
      key,
      'A surrogate key is printable ASCII without blanks; 512 characters at most here.',
    );
    return;
  }
  const kinds = [...Object.keys(scopes), ...RESERVED_SCOPES];
  const hasValue = key.includes('{');
  const kind = kinds.find(
    (name) => literal.startsWith(`${name}:`) || (hasValue && `${name}:`.startsWith(literal)),
  );
  if (kind === undefined) return;
  const fix = Object.hasOwn(scopes, kind)
    ? `Keys of the scope ${kind} are made by its rule: write { scope: '${kind}', value: '...' }${literal.startsWith(`${kind}:`) ? '' : ', or begin the key with more text of its own, such as "page:"'}.`
    : `The service makes the keys ${kind}: itself: write { ${kind === 'url' || kind === 'route' ? kind : 'key'} } with a key of your own, or begin it with more text, such as "page:".`;
  report('POLICY_UNSAFE', at, key, fix);
}

function checkUrl(at: string, url: string, pieces: number, report: Report): void {
  const isWhole = url.startsWith('{') && pieces === 1;
  const [host = ''] = url.split(/[/{]/);
  if (isWhole || (HOST.test(host) && url.length > host.length && !/[?#\s\\]|:\/\//.test(url))) return;
  const fix =
    'Expected host and path without scheme and query, such as "www.example.com/blog/{slug}", or one path to a whole URL: "{permalink}".';
  report('POLICY_PATTERN', at, url, fix);
}

function checkLevels(at: string, path: readonly string[], report: Report): void {
  if (path.length > MAX_LEVELS)
    report('POLICY_CLAIM_PATH', at, path.join('.'), `A path has at most ${MAX_LEVELS} names.`);
}

/** What may be meant, and should be known. */
export function purgeHookWarnings(hooks: PurgeHooksInput = {}): readonly string[] {
  return Object.entries(hooks).flatMap(([name, { signature }]) =>
    'format' in signature && signature.format === 'token'
      ? [
          `purgeHooks.${name}.signature: the secret itself travels with each delivery, and nothing binds it to the body. Take a signature where the sender has one.`,
        ]
      : [],
  );
}
