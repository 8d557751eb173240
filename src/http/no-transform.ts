const NO_TRANSFORM = /(?:^|[\s,])no-transform(?:$|[\s,])/i;

/** Whether a `Cache-Control` field forbids sending the content on in another form (RFC 9110 section 7.7). */
export function forbidsTransform(cacheControl: string | null): boolean {
  return NO_TRANSFORM.test(cacheControl ?? '');
}
