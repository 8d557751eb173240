/** Bytes as hex digits, lower case: by the host's own code where there is some. Node 20 has none. */
export function toHex(bytes: Uint8Array & { readonly toHex?: () => string }): string {
  if (bytes.toHex !== undefined) return bytes.toHex();
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += (bytes[i] ?? 0).toString(16).padStart(2, '0');
  return hex;
}
