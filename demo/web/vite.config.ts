import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const page = (name: string) => path.join(import.meta.dirname, name);

const CONSOLE = ['console/index.html'];
/** The last one is the script of a page that the origin renders: it finds the file in the manifest. */
const ALL = ['index.html', 'cms/index.html', ...CONSOLE, 'src/members/main.ts'];

/** Three pages under /app/, each a document of its own, and the script of the members' page, built into `build/web`; with `--mode console` that page alone, for the package. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react()],
  resolve: { conditions: ['claimcache-source', ...defaultClientConditions] },
  build: {
    outDir: '../../build/web',
    emptyOutDir: true,
    // The Content-Security-Policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: mode !== 'console',
    rolldownOptions: { input: (mode === 'console' ? CONSOLE : ALL).map(page) },
  },
}));
