/** What `npm start` prints: commands to paste, with tokens that are valid for a day. */
export async function tour(edgeUrl: string, originUrl: string, consoleUrl: string): Promise<string> {
  const [alice, bob, carol] = await Promise.all(
    ['alice', 'bob', 'carol'].map((user) => login(originUrl, user)),
  );
  const as = (token: string | undefined, path: string) =>
    `curl -si ${edgeUrl}${path} -H 'Authorization: Bearer ${token}'`;
  const graphql = (token: string | undefined, query: string) =>
    `curl -si ${edgeUrl}/graphql -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}'`;
  const steps: readonly (readonly [string, string])[] = [
    ['Alice reads her orders. X-Cache: MISS', as(alice, '/api/orders')],
    ['The same again. X-Cache: HIT, and the origin was not asked', as(alice, '/api/orders')],
    ["The origin's own count: one request of user 42", `curl -s ${originUrl}/__origin/requests`],
    ['Bob has his own entry. X-Cache: MISS', as(bob, '/api/orders')],
    ['A new login of Alice still hits: the claims count, not the token', newLogin(edgeUrl)],
    ['No token: 401, and the origin hears nothing of it', `curl -si ${edgeUrl}/api/orders`],
    [
      'Purge Alice: her next request is a MISS, Bob still hits',
      `curl -s ${edgeUrl}/.edge/purge -H "Authorization: Bearer $(cat .demo/operator_token)" -d '{"scope":"user","value":"42"}'`,
    ],
    [
      'Alice changes her name: her pages are purged by the edge itself',
      `curl -si -X PUT ${edgeUrl}/api/profile -H 'Authorization: Bearer ${alice}' -H 'Content-Type: application/json' -d '{"displayName":"Alice L."}'`,
    ],
    ['Alice reads the report of her team. X-Cache: MISS', as(alice, '/api/team/report')],
    ['Bob is in the same team: HIT', as(bob, '/api/team/report')],
    ['Carol is in another tenant: MISS', as(carol, '/api/team/report')],
    ['Alice asks GraphQL by POST: MISS, then HIT', graphql(alice, '{ todos { title } me { name } }')],
    [
      'A mutation passes, and her query is a MISS again',
      graphql(alice, 'mutation { addTodo(title: "tea") { id } }'),
    ],
    [
      "Everybody's todos are purged by their type",
      `curl -s ${edgeUrl}/.edge/purge -H "Authorization: Bearer $(cat .demo/operator_token)" -d '{"keys":["type:Todo"]}'`,
    ],
    [
      'An editor signs in and sees drafts, never from the cache',
      `curl -s -c .demo/editor -X POST ${edgeUrl}/cms/login; curl -si -b .demo/editor ${edgeUrl}/pages/welcome`,
    ],
    ['Everybody else shares one cached page', `curl -si ${edgeUrl}/pages/welcome`],
  ];
  const lines = steps.map(([what, command], i) => `${i + 1}. ${what}\n   ${command}\n`);
  return `
In a browser:
   ${edgeUrl}/app/       the dashboard of a signed-in user (in a private window: of another one)
   ${edgeUrl}/app/cms/   an editor's drafts, and what everybody else gets
   ${edgeUrl}/members/   a second site: members with session cookies, no tokens
   ${consoleUrl}   what the edge does, live

The edge: ${edgeUrl}   the origin: ${originUrl}   (Ctrl-C ends all)

${lines.join('\n')}`;
}

function newLogin(edgeUrl: string): string {
  const body = `-H 'Content-Type: application/json' -d '{"user":"alice"}'`;
  const token = `$(curl -s ${edgeUrl}/login ${body} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`;
  return `curl -si ${edgeUrl}/api/orders -H "Authorization: Bearer ${token}"`;
}

async function login(originUrl: string, user: string): Promise<string> {
  const response = await fetch(`${originUrl}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, expiresInSeconds: 86_400 }),
  });
  return ((await response.json()) as { token: string }).token;
}
