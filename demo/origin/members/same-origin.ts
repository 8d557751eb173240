import type { Request, RequestHandler } from 'express';

/** Refuses what another site has a browser send, with the cookies of this one: a form needs no permission to be posted anywhere. */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD' || isFromHere(request)) return next();
  response.status(403).set('Cache-Control', 'no-store').type('text/plain');
  response.send('This form was sent by another site.\n');
};

/** By what the browser itself says: `Sec-Fetch-Site`; one that is too old for it says `Origin`. */
function isFromHere(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('origin') ?? '';
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}
