/** `exp` of a token, unverified: for messages and upper bounds alone. */
export function expiryOf(jwt: string | null): number | null {
  try {
    const { exp } = JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString());
    return typeof exp === 'number' ? exp : null;
  } catch {
    return null;
  }
}

/** The token under a signature that is not its own. */
export function withOtherSignature(jwt: string): string {
  const [header, payload, signature = ''] = jwt.split('.');
  // The first character: the last one of base64url may hold bits that count for nothing.
  const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  return [header, payload, other].join('.');
}

/** What one token claims, under the signature of another. */
export function signedAs(jwt: string, other: string): string {
  return [...jwt.split('.').slice(0, 2), other.split('.')[2]].join('.');
}
