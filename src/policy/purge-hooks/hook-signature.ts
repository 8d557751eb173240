import * as v from 'valibot';
import {
  choice,
  has,
  headerName,
  isObject,
  matching,
  object,
  oneOf,
  secondsUpTo,
  text,
} from '../settings.ts';
import { idField, SIGNED_FIELDS } from './delivery.ts';

/** How far a timestamp may be away from the edge's clock, where nothing else is said. */
const MAX_AGE_SECONDS = 300;

/**
 * How a delivery proves who has sent it. Each signature is an HMAC with the hook's secret.
 *
 * - `{ header, encoding }`: a field holds the HMAC of the body, behind `prefix`. With `timestamp` another field holds the time, and signed is
 *   `{timestamp}.{body}`; `signed` says otherwise: `'v0:{timestamp}:{body}'`.
 * - `format: 'timestamped'`: one field, `t=<time>,v1=<HMAC>`, of `<time>.<body>`. Several `v1` may stand there; one has to be right.
 * - `format: 'standard-webhooks'`: the fields `webhook-id`, `webhook-timestamp` and `webhook-signature` of the Standard Webhooks specification, or
 *   the same that begin with `svix`.
 * - `format: 'contentful'`: Contentful's request verification: method, path, the fields that it names, and body.
 * - `format: 'token'`: no signature. The field holds the secret itself, behind `prefix`: a reader of one delivery can send others.
 *
 * `maxAgeSeconds`: how far a signed time may be away from the edge's clock. Default 300.
 */
export type HookSignatureInput =
  | {
      readonly header: string;
      readonly encoding: HookEncoding;
      /** Default `sha256`. */
      readonly algorithm?: HookAlgorithm;
      /** What stands before the signature: `sha256=`. */
      readonly prefix?: string;
      readonly timestamp?: {
        readonly header: string;
        /** Default `seconds`. */
        readonly unit?: TimeUnit;
        /** Default 300. */
        readonly maxAgeSeconds?: number;
      };
      /** Ends with `{body}`, and has `{timestamp}` where there is one. */
      readonly signed?: string;
    }
  | {
      readonly format: 'timestamped';
      readonly header: string;
      readonly encoding: HookEncoding;
      readonly algorithm?: HookAlgorithm;
      readonly unit?: TimeUnit;
      readonly maxAgeSeconds?: number;
    }
  | {
      readonly format: 'standard-webhooks';
      /** How the names of the fields begin. Default `webhook`. */
      readonly fields?: 'webhook' | 'svix';
      readonly maxAgeSeconds?: number;
    }
  | { readonly format: 'contentful'; readonly maxAgeSeconds?: number }
  | { readonly format: 'token'; readonly header: string; readonly prefix?: string };

type HookEncoding = 'hex' | 'base64' | 'base64url';
type HookAlgorithm = 'sha256' | 'sha384' | 'sha512';
type TimeUnit = 'seconds' | 'milliseconds';

/** How a delivery is verified. */
export type HookSignature =
  | {
      readonly kind: 'token';
      /** Lower case. */
      readonly header: string;
      readonly prefix: string;
    }
  | {
      readonly kind: 'hmac';
      readonly format: 'plain' | 'timestamped' | 'standard-webhooks' | 'contentful';
      /** Of the signature, in lower case. */
      readonly header: string;
      readonly encoding: HookEncoding;
      /** Of the digest. */
      readonly hashBytes: 32 | 48 | 64;
      /** What stands before the signature. */
      readonly prefix: string;
      /** What was signed before the body, of the format `plain`; `{timestamp}` stands for the time. */
      readonly before: string;
      readonly timestamp: {
        /** Lower case. '' where it stands in the field of the signature. */
        readonly header: string;
        readonly unitMs: 1 | 1000;
        readonly maxAgeMs: number;
      } | null;
    };

const encoding = choice('hex', 'base64', 'base64url');
const algorithm = v.optional(choice('sha256', 'sha384', 'sha512'));
const unit = v.optional(choice('seconds', 'milliseconds'));
const maxAgeSeconds = v.optional(secondsUpTo(86_400));
const prefix = v.optional(text);
const signed = matching(
  /^[^{}]*(?:\{timestamp\}[^{}]*)?\{body\}$/,
  'Expected what is signed, which ends with the body: "{timestamp}.{body}".',
);
const isOf =
  (...formats: readonly string[]) =>
  (input: unknown) =>
    isObject(input) && formats.includes(String((input as { format?: unknown }).format));

export const hookSignature = oneOf(
  'Expected { header, encoding }, or { format } with "timestamped", "standard-webhooks", "contentful" or "token".',
  [
    isOf('timestamped'),
    object({ format: text, header: headerName, encoding, algorithm, unit, maxAgeSeconds }),
  ],
  [
    isOf('standard-webhooks'),
    object({ format: text, fields: v.optional(choice('webhook', 'svix')), maxAgeSeconds }),
  ],
  [isOf('contentful'), object({ format: text, maxAgeSeconds })],
  [isOf('token'), object({ format: text, header: headerName, prefix })],
  [
    (input) => isObject(input) && !has('format')(input),
    object({
      header: headerName,
      encoding,
      algorithm,
      prefix,
      timestamp: v.optional(object({ header: headerName, unit, maxAgeSeconds })),
      signed: v.optional(signed),
    }),
  ],
);

const HASH_BYTES = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** The fields that a delivery is verified by. */
export function signatureFields(input: HookSignatureInput): readonly string[] {
  const signature = compileSignature(input);
  if (signature.kind === 'token') return [signature.header];
  const { header, format, timestamp } = signature;
  const more = {
    'standard-webhooks': idField(header),
    contentful: SIGNED_FIELDS,
    plain: '',
    timestamped: '',
  };
  return [header, timestamp?.header ?? '', more[format]].filter((name) => name !== '');
}

export function compileSignature(input: HookSignatureInput): HookSignature {
  if (!('format' in input)) {
    const { header, timestamp, prefix = '', algorithm = 'sha256' } = input;
    const { signed = timestamp === undefined ? '{body}' : '{timestamp}.{body}' } = input;
    return {
      kind: 'hmac',
      format: 'plain',
      header: header.toLowerCase(),
      encoding: input.encoding,
      hashBytes: HASH_BYTES[algorithm],
      prefix,
      before: signed.replace(/\{body\}$/, ''),
      timestamp: timestamp === undefined ? null : timeOf(timestamp.header, timestamp),
    };
  }
  const fixed = { kind: 'hmac', hashBytes: 32, prefix: '', before: '' } as const;
  switch (input.format) {
    case 'token':
      return { kind: 'token', header: input.header.toLowerCase(), prefix: input.prefix ?? '' };
    case 'timestamped':
      return {
        ...fixed,
        format: input.format,
        header: input.header.toLowerCase(),
        encoding: input.encoding,
        hashBytes: HASH_BYTES[input.algorithm ?? 'sha256'],
        timestamp: timeOf('', input),
      };
    case 'standard-webhooks':
      return {
        ...fixed,
        format: input.format,
        header: `${input.fields ?? 'webhook'}-signature`,
        encoding: 'base64',
        timestamp: timeOf(`${input.fields ?? 'webhook'}-timestamp`, input),
      };
    case 'contentful':
      return {
        ...fixed,
        format: input.format,
        header: 'x-contentful-signature',
        encoding: 'hex',
        timestamp: timeOf('x-contentful-timestamp', { ...input, unit: 'milliseconds' }),
      };
  }
}

function timeOf(
  header: string,
  {
    unit = 'seconds',
    maxAgeSeconds = MAX_AGE_SECONDS,
  }: { readonly unit?: TimeUnit; readonly maxAgeSeconds?: number },
) {
  const unitMs = unit === 'seconds' ? 1000 : 1;
  return { header: header.toLowerCase(), unitMs, maxAgeMs: maxAgeSeconds * 1000 } as const;
}
