import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { equal } from './equal.ts';
import type { Person } from './people.ts';
import type { State } from './state.ts';
import type { Tokens } from './tokens.ts';

/** What the demo sets are tokens and ids: nothing in them is quoted or encoded. */
export function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

const SECRET_HEADER = 'x-origin-secret';

/**
 * Finds out whether the edge asks, which proves itself with a secret, and takes the secret away: no page can tell it to a client.
 *
 * @param secret - null: everybody is believed to be the edge.
 */
export function recognizeEdge(secret: string | null): RequestHandler {
  return (request, response, next) => {
    response.locals.isEdge = secret === null || equal(request.get(SECRET_HEADER) ?? '', secret);
    delete request.headers[SECRET_HEADER];
    next();
  };
}

/** Finds out who asks (bearer token, else the cookie `session`) and counts the request. */
export function identifyAndCount(state: State, tokens: Tokens): RequestHandler {
  return async (request, response, next) => {
    const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? cookieOf(request, 'session');
    const person = token === undefined ? null : await tokens.verify(token);
    response.locals.person = person;
    state.count(`${request.method} ${request.path}`, person?.sub ?? 'anonymous');
    next();
  };
}

/** 401 unless the request carries a token that verifies. */
export function requirePerson(_request: Request, response: Response, next: NextFunction): void {
  if (response.locals.person !== null) {
    next();
    return;
  }
  response.set('WWW-Authenticate', 'Bearer').set('Cache-Control', 'no-store');
  response.status(401).json({ error: 'a valid token is required' });
}

/** Behind `requirePerson` only. */
export function callerOf(response: Response): Person {
  const { person } = response.locals as { person?: Person | null };
  if (!person) throw new Error('this route is not behind requirePerson');
  return person;
}
