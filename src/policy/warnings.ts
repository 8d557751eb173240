import { patternsOverlap } from './name-patterns.ts';
import { cgiName, isPlain } from './request-fields/cgi-name.ts';
import type { Danger } from './request-fields/dangerous-fields.ts';
import { dangerOf } from './request-fields/dangers.ts';
import type { PolicyInput } from './routes/route.ts';

/** What may be meant, and should be known: the build prints it and goes on. */
export function policyWarnings(policy: PolicyInput): readonly string[] {
  const warnings: string[] = [];
  for (const [name, scope] of Object.entries(policy.scopes ?? {})) {
    scope.parts?.forEach((part, i) => {
      if (('header' in part || 'cookie' in part) && part.values === undefined) {
        const what = 'header' in part ? `header ${part.header}` : `cookie ${part.cookie}`;
        warnings.push(
          `scopes.${name}.parts.${i}: nothing verifies the ${what}. Whoever sends a value gets what is cached under it; the origin decides who may send it, but only on a miss.`,
        );
      }
    });
  }
  for (const [path, text] of comparedExactly(policy)) {
    if (!text.includes('*')) continue;
    warnings.push(
      `${path}: ${JSON.stringify(text)} is compared exactly, the * too; it stands for no others here.`,
    );
  }
  policy.cms?.cookies?.forEach((cookie, i) => {
    if (typeof cookie === 'string' || !('hmac' in cookie)) return;
    if (cookie.hmac.covers !== 'text' || cookie.hmac.prefix !== undefined) return;
    warnings.push(
      `cms.cookies.${i}.hmac.covers: the signature does not hold the name ${cookie.name}. Any cookie that is signed with the same secret counts as this one; a prefix, or a secret of its own, keeps them apart.`,
    );
  });
  policy.requestHeaders?.allow?.forEach((header, i) => {
    const name = header.toLowerCase();
    const danger = dangerOf(name);
    const why =
      danger !== null
        ? DANGERS[danger]
        : isPlain(name)
          ? null
          : `an origin in the manner of CGI reads ${cgiName(name)} in it, and clients may send both`;
    if (why !== null) warnings.push(`requestHeaders.allow.${i}: clients may send ${name}: ${why}.`);
  });
  for (const [name, { stripSetCookies = [] }] of Object.entries(policy.routes)) {
    for (const cookie of stripSetCookies) {
      if (!credentialCookies(policy).some((credential) => patternsOverlap(credential, cookie))) continue;
      warnings.push(
        `routes.${name}.stripSetCookies: ${cookie} is a credential: where the origin renews it on this route, nobody gets the new one.`,
      );
    }
  }
  warnings.push(...varyWarnings('ignoreVary', policy.ignoreVary));
  for (const [name, { ignoreVary, compress, scope }] of Object.entries(policy.routes)) {
    warnings.push(...varyWarnings(`routes.${name}.ignoreVary`, ignoreVary));
    if (compress && scope !== undefined) {
      warnings.push(
        `routes.${name}.compress: whoever can place text in a page of this scope and see the length of the answer may learn the rest of it (BREACH). Only for pages without a secret, such as a CSRF token.`,
      );
    }
  }
  return warnings;
}

const DANGERS: Readonly<Record<Danger, string>> = {
  target: 'an origin that honours it serves another path than the one that was judged, without its checks',
  host: 'an origin that honours it makes links and redirects to any host, scheme or port that a client names',
  method: 'an origin that honours it writes where the edge has seen another method: nothing is purged then',
  file: 'a server that honours it sends files, or keeps answers, as a client tells it',
  proxy: 'an origin in the manner of CGI sends its own requests through the proxy that a client names',
  address: 'an origin that honours it believes any address that a client names',
  identity: 'an origin that honours it believes any name of a user that a client sends',
};

function credentialCookies({ providers }: PolicyInput): readonly string[] {
  return Object.values(providers ?? {}).flatMap(({ credentials = [] }) =>
    credentials.flatMap((place) => ('cookie' in place ? [place.cookie] : [])),
  );
}

/** Settings of free text in which a star has no meaning, and may still be part of the text. */
function comparedExactly({ providers, scopes }: PolicyInput): (readonly [path: string, text: string])[] {
  return [
    ...Object.entries(providers ?? {}).flatMap(([name, { issuer = [], audience = [] }]) => [
      ...[issuer].flat().map((text) => [`providers.${name}.issuer`, text] as const),
      ...[audience].flat().map((text) => [`providers.${name}.audience`, text] as const),
    ]),
    ...Object.entries(scopes ?? {}).flatMap(([name, { parts = [] }]) =>
      parts.flatMap((part, i) =>
        'values' in part
          ? (part.values ?? []).map((text) => [`scopes.${name}.parts.${i}.values`, text] as const)
          : [],
      ),
    ),
  ];
}
/** The origin says that its answers differ by it. */
function varyWarnings(at: string, names: readonly string[] = []): string[] {
  return names.map(
    (name) =>
      `${at}: an answer that the origin gave without ${name} is shared with everybody who sends one, whatever the origin makes of it.`,
  );
}
