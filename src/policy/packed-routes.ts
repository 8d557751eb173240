import { BoundedMap } from '../keys/bounded-map.ts';
import type { Route, RouteList } from '../types/policy.ts';

/** All of a route but what is its own: of a thousand routes most have the same. */
export type RouteRule = Omit<Route, 'name' | 'path'>;

const MAX_KEPT = 32;

/**
 * Routes as text: those that are asked for are objects, the rest is a few strings, which a garbage collection after each request
 * need not walk.
 *
 * @param texts - JSON, each of `routesOfAText` routes: `[name, path, place of its rule]`.
 */
export class PackedRoutes implements RouteList {
  readonly length: number;
  readonly #routesOfAText: number;
  readonly #rules: readonly RouteRule[];
  readonly #texts: readonly string[];
  readonly #kept = new BoundedMap<number, Route>(MAX_KEPT);

  constructor(length: number, routesOfAText: number, rules: readonly RouteRule[], texts: readonly string[]) {
    this.length = length;
    this.#routesOfAText = routesOfAText;
    this.#rules = rules;
    this.#texts = texts;
  }

  at(place: number): Route | undefined {
    const kept = this.#kept.get(place);
    if (kept !== undefined) return kept;
    const text = this.#texts[Math.floor(place / this.#routesOfAText)] ?? '[]';
    const [name, path, rule] = JSON.parse(text)[place % this.#routesOfAText] ?? [];
    const route = this.#rules[rule] && { name, path, ...this.#rules[rule] };
    if (route !== undefined) this.#kept.set(place, route);
    return route;
  }

  *[Symbol.iterator](): Iterator<Route> {
    for (let place = 0; place < this.length; place++) {
      const route = this.at(place);
      if (route !== undefined) yield route;
    }
  }
}
