import { createEditorSession } from '../session/editor-session.ts';
import { announceSession } from '../session/guard-page.ts';
import { openPage } from '../session/open-page.ts';
import { CmsApp } from './cms-app.tsx';

const session = createEditorSession(announceSession);
await openPage(session, <CmsApp session={session} />);
