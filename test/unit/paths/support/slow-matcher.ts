import type { OriginModel, Piece, TestRoute } from './types.ts';

/** Reads a pattern the slow way: segments alone, no other syntax than these policies have. */
export function piecesOf(pattern: string): readonly Piece[] {
  return pattern
    .split('/')
    .slice(1)
    .filter((segment) => segment !== '')
    .map((segment) => {
      if (segment === '**') return { kind: 'rest' };
      const [, constraint] = /^:\w+(?:\((.+)\))?$/.exec(segment) ?? [];
      if (segment.startsWith(':'))
        return {
          kind: 'parameter',
          test: constraint === undefined ? null : new RegExp(`^(?:${constraint})$`, 'i'),
        };
      return { kind: 'literal', text: decodeURIComponent(segment.replaceAll('\\', '')) };
    });
}

const WEIGHT = { literal: 0, parameter: 1, rest: 2 };

/** The routes that an origin with the policy's patterns gives a path to: none, one, or several that it cannot tell apart. */
export function mostSpecific(
  read: readonly string[],
  routes: readonly TestRoute[],
  { same }: Pick<OriginModel, 'same'>,
): TestRoute[] {
  let best: TestRoute[] = [];
  for (const route of routes) {
    if (!matches(read, route.pieces, same)) continue;
    const order = best[0] === undefined ? -1 : compare(route.pieces, best[0].pieces);
    if (order < 0) best = [route];
    else if (order === 0) best.push(route);
  }
  return best;
}

function matches(read: readonly string[], pieces: readonly Piece[], same: (text: string) => string): boolean {
  for (const [i, piece] of pieces.entries()) {
    if (piece.kind === 'rest') return true;
    const segment = read[i];
    if (segment === undefined || segment === '') return false;
    if (piece.kind === 'literal' && same(segment) !== same(piece.text)) return false;
    if (piece.kind === 'parameter' && piece.test !== null && !piece.test.test(segment)) return false;
  }
  return read.length === pieces.length;
}

function compare(a: readonly Piece[], b: readonly Piece[]): number {
  for (const [i, piece] of a.entries()) {
    const other = b[i];
    if (other === undefined) return piece.kind === 'rest' ? 1 : -1;
    if (WEIGHT[piece.kind] !== WEIGHT[other.kind]) return WEIGHT[piece.kind] - WEIGHT[other.kind];
    if (
      piece.kind === 'parameter' &&
      other.kind === 'parameter' &&
      (piece.test === null) !== (other.test === null)
    )
      return piece.test === null ? 1 : -1;
  }
  return a.length < b.length ? -1 : 0;
}
