import { rendering } from '../rendering.ts';
import { MEMBERS, type Member } from './members.ts';
import type { PageFiles } from './page-files.ts';

/** What a member reads, or, where nobody is signed in, the form. HTML, with the name of the member as the only text that somebody typed. */
export function membersPage(files: PageFiles, member: Member | null, displayName: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Members · claimcache demo</title>
    <link rel="icon" href="/app/icon.svg" type="image/svg+xml">
    ${files.styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('')}
    <script type="module" src="${files.script}"></script>
  </head>
  <body>
    <header class="head">
      <div class="head-row">
        <span class="brand">claimcache</span>
        <nav aria-label="Pages of the demo">
          <a href="/app/">Dashboard</a>
          <a href="/app/cms/">CMS</a>
          <a href="/members/" aria-current="page">Members</a>
          <a href="/app/console">Edge console</a>
        </nav>
        <div class="head-aside">${member === null ? '' : `<span class="who">${member.name}</span>`}</div>
      </div>
    </header>
    <main>${member === null ? form() : content(member, displayName)}</main>
  </body>
</html>
`;
}

function form(): string {
  const buttons = MEMBERS.map(
    ({ name }) => `<button name="member" value="${name}" class="second">Sign in as ${name}</button>`,
  );
  return `
      <div class="panel">
        <h1>Members</h1>
        <p>A second site behind the same edge. Its back end renders HTML and knows people by a session cookie, as Rails, Django and
        WordPress do; there is no token. The edge asks it once whose session that is, and keeps the answer for a minute.</p>
        <form method="post" action="/members/sign-in" class="row">${buttons.join('')}</form>
        ${facts('This form is the same for everybody.')}
      </div>`;
}

function content({ sub, booking }: Member, displayName: string): string {
  const name = escaped(displayName);
  return `
      <h1>Hello ${name}</h1>
      <div class="toolbar">
        <form action="/members/"><button>Load again</button></form>
        <form method="post" action="/members/sign-out"><button class="second">Sign out</button></form>
      </div>
      <div class="cards"><section class="card" aria-labelledby="membership">
        <div class="card-head"><div class="card-title"><h2 id="membership">Your membership</h2><code>/members/</code></div></div>
        <div class="card-body">
          <ul>
            <li>Member ${sub}</li>
            <li>Next booking: ${booking}</li>
          </ul>
          <form method="post" action="/members/name" class="row">
            <label for="name">Name</label>
            <input id="name" name="name" value="${name}" required maxlength="200" autocomplete="off">
            <button>Save</button>
          </form>
          <p class="rendered">made at ${rendering().renderedAt.slice(11, 23)}</p>
        </div>
        ${facts('To save a name is a write: the edge purges the pages of this member by itself.')}
      </section></div>`;
}

/** The script fills it with what the browser was told of this document. */
function facts(note: string): string {
  return `<p class="rendered">${note}</p><p class="provenance">&nbsp;</p>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
