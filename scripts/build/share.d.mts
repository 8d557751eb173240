export function share<T>(value: T): T;
