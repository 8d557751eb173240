import type { HookSignatureInput } from '../hook-signature.ts';

interface Age {
  /** How far the signed time may be away from the edge's clock. */
  readonly maxAgeSeconds?: number;
}

const withAge = ({ maxAgeSeconds }: Age) => (maxAgeSeconds === undefined ? {} : { maxAgeSeconds });

/**
 * Contentful, with request verification of the space's webhooks. Method, path, the fields that it names, and body are signed; the secret
 * has 64 characters, and Contentful makes it.
 *
 * Sources: Contentful documentation, "Webhooks: Request Verification"; `src/requests/{sign,verify}-request.ts` of contentful/node-apps-toolkit.
 *
 * @example
 * purgeHooks: { content: { signature: contentful(), purge: [{ key: 'entry:{sys.id}' }] } }
 */
export function contentful(age: Age = {}): HookSignatureInput {
  return { format: 'contentful', ...withAge(age) };
}

/**
 * Sanity, with a secret of the webhook: `sanity-webhook-signature: t=<milliseconds>,v1=<base64url>`. It tries again for half an hour, and does not
 * promise a new time then: the default of `maxAgeSeconds` is an hour.
 *
 * Source: `src/signature.ts` of sanity-io/webhook-toolkit.
 *
 * @example
 * purgeHooks: { content: { signature: sanity(), purge: [{ url: 'www.example.com/blog/{slug.current}' }] } }
 */
export function sanity({ maxAgeSeconds = 3600 }: Age = {}): HookSignatureInput {
  return {
    format: 'timestamped',
    header: 'sanity-webhook-signature',
    encoding: 'base64url',
    unit: 'milliseconds',
    maxAgeSeconds,
  };
}

/**
 * Strapi 4 and 5. It signs nothing: the webhook gets a header of its own, `Authorization: Bearer <secret>`, in the administration or as
 * `webhooks.defaultHeaders` of `config/server`.
 *
 * Sources: Strapi documentation, "Webhooks: Securing your webhooks"; `packages/core/core/src/services/webhook-runner.ts` of strapi/strapi.
 *
 * @example
 * purgeHooks: { content: { signature: strapi(), purge: [{ key: 'entry:{entry.documentId}' }] } }
 */
export function strapi({
  header = 'authorization',
  prefix = 'Bearer ',
}: {
  readonly header?: string;
  readonly prefix?: string;
} = {}): HookSignatureInput {
  return { format: 'token', header, ...(prefix === '' ? {} : { prefix }) };
}

/**
 * WooCommerce, and WordPress by its topic "Action": `X-WC-Webhook-Signature`, the HMAC of the body in base64. WordPress itself sends no webhooks:
 * docs/how-to/purge-hooks.md has a plugin of some lines. The unsigned ping on saving the webhook gets a 401, which WooCommerce shows and goes on.
 *
 * Source: `WC_Webhook::generate_signature` and `::deliver` in `includes/class-wc-webhook.php` of woocommerce/woocommerce.
 *
 * @example
 * purgeHooks: { shop: { signature: woocommerce(), purge: [{ url: '{permalink}' }] } }
 */
export function woocommerce(): HookSignatureInput {
  return { header: 'x-wc-webhook-signature', encoding: 'base64' };
}

/**
 * GitHub: `X-Hub-Signature-256: sha256=<hex>` of the body. Set the webhook's content type to `application/json`.
 *
 * Source: GitHub documentation, "Validating webhook deliveries".
 *
 * @example
 * purgeHooks: { docs: { signature: github(), purge: [{ route: 'docs' }] } }
 */
export function github(): HookSignatureInput {
  return { header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' };
}

/**
 * Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>`, several `v1` while a secret changes.
 *
 * Source: Stripe documentation, "Verify webhook signatures manually".
 *
 * @example
 * purgeHooks: { billing: { signature: stripe(), purge: [{ scope: 'customer', value: 'data.object.customer' }] } }
 */
export function stripe(age: Age = {}): HookSignatureInput {
  return { format: 'timestamped', header: 'stripe-signature', encoding: 'hex', ...withAge(age) };
}

/**
 * Standard Webhooks: `webhook-signature: v1,<base64>` of id, time and body. The secret is `whsec_` and the key in base64. Who sends by Svix, Clerk
 * for one, writes `svix` instead: `fields: 'svix'`.
 *
 * Source: the Standard Webhooks specification, "Signature scheme" (standard-webhooks/standard-webhooks).
 *
 * @example
 * purgeHooks: { users: { signature: standardWebhooks(), purge: [{ scope: 'user', value: 'data.id' }] } }
 */
export function standardWebhooks({
  fields = 'webhook',
  ...age
}: Age & { readonly fields?: 'webhook' | 'svix' } = {}): HookSignatureInput {
  return { format: 'standard-webhooks', fields, ...withAge(age) };
}
