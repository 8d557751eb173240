import { Router } from 'express';
import { personNamed } from '../../people.ts';
import { isProvider, type Tokens } from '../../tokens.ts';

/** `POST /login` {user, provider?, expiresInSeconds?}: a token for one of the people, no password asked. */
export function loginRoutes(tokens: Tokens): Router {
  return Router().post('/login', async (request, response) => {
    const { user, provider = 'app', expiresInSeconds = 900 } = request.body ?? {};
    const person = personNamed(user);
    response.set('Cache-Control', 'no-store');
    if (person === undefined || !isProvider(provider) || !Number.isSafeInteger(expiresInSeconds)) {
      response.status(400).json({
        error: 'expected user (alice, bob or carol), provider (app or partner), expiresInSeconds (integer)',
      });
      return;
    }
    const token = await tokens.issue(person, provider, expiresInSeconds);
    response.json({ token, tokenType: 'Bearer', expiresInSeconds, user: person.name });
  });
}
