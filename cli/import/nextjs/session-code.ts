import type { AnyNode, CallExpression, Node, Program } from 'acorn';
import type { Algorithm } from '../../../src/policy/providers/algorithm-names.ts';
import { ALGORITHM_NAMES } from '../../../src/policy/providers/algorithm-names.ts';
import { member, textsOf } from '../source-tree.ts';
import { type Constants, constantsOf, staticValue } from '../static-value.ts';

/** What the code of a middleware looks at, as far as it stands there in plain words. */
export interface SessionCode {
  readonly cookies: readonly { readonly name: string; readonly line: number }[];
  readonly readsAuthorization: boolean;
  /** A JWT is verified by jose or jsonwebtoken; null: what the cookie holds is not looked at here. */
  readonly jwt: {
    readonly line: number;
    /** The cookie that the token is from, where it can be followed. */
    readonly cookie: string | null;
    readonly isSecret: boolean;
    readonly jwksUrl: string | null;
    readonly issuer: string | null;
    readonly audience: string | null;
    readonly algorithms: readonly Algorithm[];
  } | null;
  /** Paths that the code compares with. */
  readonly comparisons: readonly { readonly text: string; readonly line: number }[];
}

const SAFE_TEXT = /^[!#$%&'*+.^_`|~\w-]{1,128}$/;

export function readSessionCode(program: Program, text: string): SessionCode {
  const constants = allConstants(program);
  const calls = nodesOf(program).filter((node): node is CallExpression => node.type === 'CallExpression');
  const sourceOf = (node: Node | undefined) => (node === undefined ? '' : text.slice(node.start, node.end));
  const argument = (call: CallExpression, place = 0) => {
    const node = call.arguments[place];
    const value = node === undefined ? undefined : staticValue(node, text, '', constants);
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : null;
  };
  const cookieOf = (call: CallExpression): string | null => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || !/cookies?(?:\(\)|store)?\)?$/i.test(sourceOf(callee.object)))
      return null;
    if (!/^(?:get|has|getAll)$/.test(sourceOf(callee.property))) return null;
    const name = argument(call);
    return name !== null && SAFE_TEXT.test(name) ? name : null;
  };
  const cookies = calls.flatMap((call) => {
    const name = cookieOf(call);
    return name === null ? [] : [{ name, line: call.loc?.start.line ?? 0 }];
  });
  const readsAuthorization = calls.some(
    (call) =>
      /headers\)?\.get$/.test(sourceOf(call.callee)) && argument(call)?.toLowerCase() === 'authorization',
  );
  const verifies = calls.find((call) =>
    /^(?:jwtVerify|(?:jwt|jsonwebtoken)\.verify|verify)$/.test(sourceOf(call.callee)),
  );
  const jwks = calls.find((call) => sourceOf(call.callee) === 'createRemoteJWKSet');
  const followed = (node: Node | undefined): Node | undefined => {
    const inner = node as AnyNode | undefined;
    return inner?.type === 'Identifier' ? constants.get(inner.name) : inner;
  };
  const comparisons = calls
    .filter((call) => /pathname\.(?:startsWith|endsWith|includes|match)$/.test(sourceOf(call.callee)))
    .map((call) => ({ text: sourceOf(call).slice(0, 120), line: call.loc?.start.line ?? 0 }));

  if (verifies === undefined) return { cookies, readsAuthorization, jwt: null, comparisons };
  const options =
    verifies.arguments[2] === undefined ? undefined : staticValue(verifies.arguments[2], text, '', constants);
  const isRead = options?.kind === 'object';
  const said = (name: string) => {
    const value = isRead ? member(options, name) : undefined;
    return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : null;
  };
  const listed = isRead ? member(options, 'algorithms') : undefined;
  const named =
    listed?.kind === 'array' && listed.items.every(({ kind }) => kind === 'scalar') ? textsOf(listed) : [];
  const algorithms = ALGORITHM_NAMES.filter((one) => named.includes(one));
  const token = followed(verifies.arguments[0]);
  const inToken =
    token === undefined
      ? []
      : nodesOf(token).filter((node): node is CallExpression => node.type === 'CallExpression');
  const key = sourceOf(followed(verifies.arguments[1]));
  return {
    cookies,
    readsAuthorization,
    comparisons,
    jwt: {
      line: verifies.loc?.start.line ?? 0,
      cookie: inToken.map(cookieOf).find((name) => name !== null) ?? null,
      isSecret:
        /TextEncoder|Buffer\.from|secret/i.test(key) || algorithms.some((one) => one.startsWith('HS')),
      jwksUrl: jwks === undefined ? null : urlIn(sourceOf(jwks)),
      issuer: said('issuer'),
      audience: said('audience'),
      algorithms,
    },
  };
}

function urlIn(text: string): string | null {
  return /['"`](https:\/\/[^'"`\s?#]{1,300})['"`]/.exec(text)?.[1] ?? null;
}

/** Everything that a declaration gives a name, wherever it stands. */
function allConstants(program: Program): Constants {
  const constants = new Map(constantsOf(program));
  for (const node of nodesOf(program)) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      constants.set(node.id.name, node.init);
  }
  return constants;
}

/** All nodes of a tree. */
function nodesOf(root: Node): readonly AnyNode[] {
  const found: AnyNode[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (node === null || typeof node !== 'object') continue;
    if (Array.isArray(node)) open.push(...node.toReversed());
    else {
      if (typeof (node as AnyNode).type === 'string') found.push(node as AnyNode);
      const inner = Object.entries(node).filter(([name]) => name !== 'loc' && name !== 'parent');
      open.push(...inner.map(([, value]) => value).toReversed());
    }
  }
  return found;
}
