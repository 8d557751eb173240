import { HOOK_PREFIX } from '../../src/operator/paths.ts';
import { own } from '../../src/policy/claims/own.ts';
import { idField } from '../../src/policy/purge-hooks/delivery.ts';
import type { HookSignature } from '../../src/policy/purge-hooks/hook-signature.ts';
import type { PurgeHook } from '../../src/policy/purge-hooks/purge-hook.ts';
import type { BodyPath } from '../../src/policy/purge-hooks/purge-rule.ts';
import { shellWord } from './shell-word.ts';

type Hmac = Extract<HookSignature, { kind: 'hmac' }>;

/**
 * A command line that signs a delivery and sends it, in a shell with curl and openssl.
 *
 * @param secretFile - The file that holds the secret alone; null: it has to be in HOOK_SECRET.
 */
export function hookCurl(hook: PurgeHook, url: string, secretFile: string | null): string {
  const { signature, rules } = hook;
  const body = JSON.stringify(sampleBody(rules.flatMap((rule) => pathsOf(rule))));
  const secret = secretFile === null ? '$HOOK_SECRET' : `$(cat ${shellWord(secretFile)})`;
  const time = signature.kind === 'hmac' ? signature.timestamp : null;
  return [
    `S="${secret}";`,
    `B=${shellWord(body)};`,
    ...(time === null ? [] : [`T=$(date +%s)${time.unitMs === 1 ? '000' : ''};`]),
    `curl -i ${shellWord(`${url}${HOOK_PREFIX}${hook.name}`)}`,
    "-H 'Content-Type: application/json'",
    ...fieldsOf(hook),
    '-d "$B"',
  ].join(' ');
}

function fieldsOf({ name, signature }: PurgeHook): readonly string[] {
  const { header, prefix } = signature;
  if (signature.kind === 'token') return [`-H "${header}: ${prefix}$S"`];
  const time = signature.timestamp?.header ?? '';
  const timeField = time === '' ? [] : [`-H "${time}: $T"`];
  const code = codeOf(signature, `${HOOK_PREFIX}${name}`);
  switch (signature.format) {
    case 'timestamped':
      return [`-H "${header}: t=$T,v1=${code}"`];
    case 'standard-webhooks':
      return [`-H '${idField(header)}: msg_1'`, ...timeField, `-H "${header}: v1,${code}"`];
    case 'contentful':
      return [
        "-H 'x-contentful-signed-headers: x-contentful-signed-headers,x-contentful-timestamp'",
        ...timeField,
        `-H "${header}: ${code}"`,
      ];
    case 'plain':
      return [...timeField, `-H "${header}: ${prefix}${code}"`];
  }
}

/** Runs in the shell, and prints the code. */
function codeOf(signature: Hmac, path: string): string {
  const { encoding, hashBytes, format } = signature;
  const key =
    format === 'standard-webhooks'
      ? '-mac HMAC -macopt hexkey:$(printf %s "$S" | sed s/^whsec_// | openssl base64 -d -A | od -An -v -tx1 | tr -d " \\n")'
      : '-hmac "$S"';
  const digest = `openssl dgst -sha${hashBytes * 8} ${key}`;
  const output = {
    hex: `${digest} -r | cut -d" " -f1`,
    base64: `${digest} -binary | openssl base64 -A`,
    base64url: `${digest} -binary | openssl base64 -A | tr +/ -_ | tr -d =`,
  };
  return `$(${signedOf(signature, path)} | ${output[encoding]})`;
}

function signedOf({ format, before }: Hmac, path: string): string {
  if (format === 'timestamped') return 'printf %s "$T.$B"';
  if (format === 'standard-webhooks') return 'printf %s "msg_1.$T.$B"';
  if (format === 'contentful')
    return `printf "POST\\n%s\\nx-contentful-signed-headers:x-contentful-signed-headers,x-contentful-timestamp;x-contentful-timestamp:%s\\n%s" ${path} "$T" "$B"`;
  const pieces = before.split(/(\{timestamp\})/).filter((piece) => piece !== '');
  return `printf %s ${[...pieces.map((piece) => (piece === '{timestamp}' ? '"$T"' : shellWord(piece))), '"$B"'].join(' ')}`;
}

function pathsOf(rule: PurgeHook['rules'][number]): readonly BodyPath[] {
  return rule.kind === 'scope' ? rule.paths : rule.template.filter((piece) => typeof piece !== 'string');
}

/** A body in which each path leads somewhere. */
function sampleBody(paths: readonly BodyPath[]): unknown {
  let body: unknown = {};
  for (const path of paths) body = withValue(body, path);
  return body;
}

function withValue(body: unknown, [name, ...rest]: BodyPath): unknown {
  if (name === undefined) return 'example';
  if (name === '*' || /^\d+$/.test(name)) {
    const list: unknown[] = Array.isArray(body) ? [...body] : [];
    const at = name === '*' ? 0 : Number(name);
    list[at] = withValue(list[at] ?? {}, rest);
    return Array.from(list, (member) => member ?? {});
  }
  const members: Record<string, unknown> =
    typeof body === 'object' && !Array.isArray(body) ? { ...body } : {};
  return { ...members, [name]: withValue(own(members, name), rest) };
}
