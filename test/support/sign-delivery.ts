import { createHmac } from 'node:crypto';

/** Senders of webhooks, each written from its documentation and without a line of `src`: what a delivery of theirs has, beside its body. */

type Signed = Readonly<Record<string, string>>;

const hmac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text);
const JSON_BODY = { 'content-type': 'application/json' };

/** A back end of somebody's own. */
export function signedPlain(body: string, secret: string, nowMs = Date.now()): Signed {
  const time = String(Math.floor(nowMs / 1000));
  return {
    ...JSON_BODY,
    'x-time': time,
    'x-signature': `sha256=${hmac(secret, `${time}.${body}`).digest('hex')}`,
  };
}

/** As `signRequest` of contentful/node-apps-toolkit makes it. */
export function signedByContentful(
  body: string,
  secret: string,
  path: string,
  nowMs = Date.now(),
  topic = 'ContentManagement.Entry.publish',
): Signed {
  const headers: Record<string, string> = {
    'content-type': 'application/vnd.contentful.management.v1+json',
    'x-contentful-topic': topic,
    'x-contentful-webhook-name': 'Edge cache',
  };
  const names = [...Object.keys(headers), 'x-contentful-signed-headers', 'x-contentful-timestamp'].sort();
  headers['x-contentful-timestamp'] = String(nowMs);
  headers['x-contentful-signed-headers'] = names.join(',');
  const lines = names.map((name) => `${name}:${headers[name]}`).join(';');
  headers['x-contentful-signature'] = hmac(secret, ['POST', path, lines, body].join('\n')).digest('hex');
  return headers;
}

/** As `encodeSignatureHeader` of sanity-io/webhook-toolkit makes it. */
export function signedBySanity(body: string, secret: string, nowMs = Date.now()): Signed {
  const code = hmac(secret, `${nowMs}.${body}`).digest('base64url');
  return { ...JSON_BODY, 'sanity-webhook-signature': `t=${nowMs},v1=${code}`, 'sanity-operation': 'update' };
}

/** As `webhook-runner.ts` of strapi/strapi sends it. */
export function sentByStrapi(secret: string, event = 'entry.publish'): Signed {
  return { ...JSON_BODY, authorization: `Bearer ${secret}`, 'x-strapi-event': event };
}

/** As `WC_Webhook::generate_signature` of WooCommerce makes it. */
export function signedByWoocommerce(body: string, secret: string, topic = 'product.updated'): Signed {
  return {
    ...JSON_BODY,
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-signature': hmac(secret, body).digest('base64'),
  };
}

export function signedByGithub(body: string, secret: string): Signed {
  return { ...JSON_BODY, 'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}` };
}

/** While a secret changes: one signature of each. */
export function signedByStripe(body: string, secrets: readonly string[], nowMs = Date.now()): Signed {
  const time = Math.floor(nowMs / 1000);
  const codes = secrets.map((secret) => `v1=${hmac(secret, `${time}.${body}`).digest('hex')}`);
  return { ...JSON_BODY, 'stripe-signature': [`t=${time}`, ...codes, `v0=${'0'.repeat(64)}`].join(',') };
}

/** Standard Webhooks, under the names that Svix has for it too. */
export function signedByStandard(
  body: string,
  secret: string,
  fields = 'webhook',
  nowMs = Date.now(),
): Signed {
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
  const time = Math.floor(nowMs / 1000);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const code = hmac(key, `${id}.${time}.${body}`).digest('base64');
  return {
    ...JSON_BODY,
    [`${fields}-id`]: id,
    [`${fields}-timestamp`]: String(time),
    [`${fields}-signature`]: `v1,${'A'.repeat(43)}= v1,${code}`,
  };
}
