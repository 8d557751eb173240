import type { VerificationKey } from './verification-key.ts';

/** Makes something of a key once for each use of it. It is kept together with the key set that the key came from. */
export function ofKey<Use, Made>(): (key: VerificationKey, use: Use, make: () => Made) => Made {
  const known = new WeakMap<VerificationKey, Map<Use, Made>>();
  return (key, use, make) => {
    const uses = known.get(key) ?? new Map<Use, Made>();
    known.set(key, uses);
    let made = uses.get(use);
    if (made === undefined) {
      made = make();
      uses.set(use, made);
    }
    return made;
  };
}
