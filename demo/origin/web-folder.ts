import path from 'node:path';
import { root } from '../../scripts/root.ts';

/** Where `npm run build:web` puts the pages. */
export const WEB_FOLDER = path.join(root, 'build/web');
