export function missingPrerequisite(): string | null;
export function unsupportedNode(): string | null;
export function isInRange(version: string, range: string): boolean;
