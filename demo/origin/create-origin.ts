import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { identifyAndCount, recognizeEdge } from './caller.ts';
import type { OriginOptions } from './options.ts';
import { requireAccess } from './routes/access.ts';
import { cmsRoutes } from './routes/cms.ts';
import { controlRoutes } from './routes/control.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { labRoutes } from './routes/lab.ts';
import { loginRoutes } from './routes/login.ts';
import { membersRoutes } from './routes/members.ts';
import { personalRoutes } from './routes/personal.ts';
import { sessionRoutes } from './routes/session.ts';
import { siteRoutes } from './routes/site.ts';
import { teamRoutes } from './routes/team.ts';
import { webRoutes } from './routes/web.ts';
import { createState } from './state.ts';
import { createTokens } from './tokens.ts';

/** The back end of the demo, not listening yet. Signing in and the files of the web pages are quick; everything else takes `delayMs`. */
export function createOrigin(options: OriginOptions): Server {
  const state = createState(options.delayMs ?? 0);
  const tokens = createTokens(options);
  const wait: RequestHandler = async (_request, _response, next) => {
    await sleep(state.delayMs);
    next();
  };
  const app = express();
  app.disable('x-powered-by');
  // Pages that have an ETag set their own.
  app.set('etag', false);
  app.use(requireAccess(options.accessSecret ?? null));
  app.use(express.json({ limit: '16kb' }));
  app.use(recognizeEdge(options.originSecret ?? null));
  app.use(controlRoutes(state));
  app.use(identifyAndCount(state, tokens));
  app.use(loginRoutes(tokens), sessionRoutes(tokens));
  if (options.web) {
    app.use(webRoutes(options.web.folder, options.web.consoleUrl));
    app.use(membersRoutes(state, options.web.folder, wait));
  }
  app.use(wait);
  app.use(personalRoutes(state), teamRoutes(), labRoutes());
  app.use(graphqlRoutes(state));
  app.use(cmsRoutes(state, options.purge ?? null), siteRoutes());
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' });
  });
  app.use(answerFailure);
  return createServer(app);
}

const answerFailure: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  response.status(status).set('Cache-Control', 'no-store').json({ error: 'the request failed' });
};
