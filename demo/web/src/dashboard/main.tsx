import { announceSession } from '../session/guard-page.ts';
import { openPage } from '../session/open-page.ts';
import { createUserSession } from '../session/user-session.ts';
import { DashboardApp } from './dashboard-app.tsx';

const session = createUserSession(announceSession);
await openPage(session, <DashboardApp session={session} />);
