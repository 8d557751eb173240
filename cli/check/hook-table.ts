import { HOOK_PREFIX } from '../../src/operator/paths.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { PurgeHook } from '../../src/policy/purge-hooks/purge-hook.ts';
import type { Template } from '../../src/policy/purge-hooks/purge-rule.ts';

/** A sender that purges: where it sends to, what it proves, and what goes. */
export interface HookRow {
  readonly name: string;
  readonly path: string;
  readonly proof: string;
  readonly secret: string;
  readonly purges: readonly string[];
}

export function hookTable({ purgeHooks }: Pick<Policy, 'purgeHooks'>): readonly HookRow[] {
  return [...purgeHooks.values()].map(({ name, signature, item, rules, soft }) => ({
    name,
    path: `${HOOK_PREFIX}${name}`,
    proof: proofOf(signature),
    secret: item,
    purges: [...rules.map(ruleText), ...(soft ? ['soft'] : [])],
  }));
}

function proofOf(signature: PurgeHook['signature']): string {
  if (signature.kind === 'token') return `${signature.header}: the secret itself`;
  const { header, hashBytes, timestamp } = signature;
  const time = timestamp === null ? '' : `, at most ${timestamp.maxAgeMs / 1000} s old`;
  return `${header}: HMAC-SHA${hashBytes * 8}${time}`;
}

function ruleText(rule: PurgeHook['rules'][number]): string {
  if (rule.kind === 'scope') return `${rule.scope}:{${rule.paths.map((path) => path.join('.')).join(', ')}}`;
  const text = templateText(rule.template);
  return rule.kind === 'key' ? text : `url:${rule.host ?? ''}${text}`;
}

function templateText(template: Template): string {
  return template.map((piece) => (typeof piece === 'string' ? piece : `{${piece.join('.')}}`)).join('');
}
