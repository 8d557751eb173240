/** As long as the body of a delivery may be where its hook does not say. */
export const DEFAULT_BODY_BYTES = 262_144;

/** Of Contentful: names the fields that are signed beside the body. */
export const SIGNED_FIELDS = 'x-contentful-signed-headers';

/** Of Standard Webhooks: the id of the message stands beside its signature. */
export function idField(signatureHeader: string): string {
  return signatureHeader.replace(/signature$/, 'id');
}
