import type { ServiceAnswer } from './ask-service.ts';

/** An item of the Config Store, and what it is to say; null: it is to go. */
export interface SwitchOrder {
  readonly item: string;
  readonly value: string | null;
}

export type WriteSwitch = (order: SwitchOrder) => Promise<ServiceAnswer>;

const VALUES: readonly (readonly [item: RegExp, value: RegExp])[] = [
  [/^cache$/, /^pass$/],
  [/^lane\.(?:scoped|public)$/, /^(?:pass|observe)$/],
  [/^route\.[\w-]{1,64}$/, /^(?:pass|observe)$/],
  [/^key_version$/, /^[\w.-]{1,64}$/],
];

/** The order in a body; null where it is none, or one that is no business of the console. */
export function readSwitchOrder(body: string): SwitchOrder | null {
  let order: unknown;
  try {
    order = JSON.parse(body);
  } catch {
    return null;
  }
  const { item, value } = (order ?? {}) as Record<string, unknown>;
  if (typeof item !== 'string' || (typeof value !== 'string' && value !== null)) return null;
  const isKnown = VALUES.some(
    ([items, values]) => items.test(item) && (value === null || values.test(value)),
  );
  return isKnown ? { item, value } : null;
}
