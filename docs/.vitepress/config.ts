import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';

const docs = path.resolve(import.meta.dirname, '..');

/** The order of a reader. A page that is not named here comes last in its section. */
const SECTIONS: readonly {
  readonly text: string;
  readonly folder: string;
  readonly pages: readonly string[];
}[] = [
  { text: 'Get started', folder: 'get-started', pages: ['demo', 'your-own-site', 'existing-service'] },
  {
    text: 'Concepts',
    folder: 'concepts',
    pages: ['lanes', 'identity', 'caching', 'purging', 'security', 'glossary'],
  },
  {
    text: 'How-to',
    folder: 'how-to',
    pages: [
      ...[
        'identity-providers',
        'sessions',
        'origins',
        'editors-and-previews',
        'graphql',
        'request-bodies',
        'purge-from-your-back-end',
        'purge-hooks',
        'websockets',
      ],
      ...[
        'client',
        'handlers',
        'testing',
        'publishing',
        'production',
        'ci',
        'shielding',
        'operations',
        'audit',
      ],
    ],
  },
  { text: 'Behind the edge', folder: 'how-to/frameworks', pages: ['README', 'express', 'fastify', 'nextjs'] },
  {
    text: 'Migrate',
    folder: 'migrate',
    pages: [
      'README',
      'import',
      'cloudfront',
      'stellate',
      'vcl',
      'cloudflare-worker',
      'nginx-plus',
      'apollo-router',
    ],
  },
  {
    text: 'Reference',
    folder: 'reference',
    pages: ['policy', 'settings', 'commands', 'options', 'api', 'errors', 'logs', 'headers'],
  },
  {
    text: 'Proof',
    folder: 'proof',
    pages: ['conformance', 'contract-tests', 'faults', 'performance', 'scale'],
  },
];

const titleOf = (file: string) =>
  /^# (.*)$/m.exec(readFileSync(path.join(docs, file), 'utf8'))?.[1]?.replaceAll('`', '') ?? file;

function sectionOf({ text, folder, pages }: (typeof SECTIONS)[number]): DefaultTheme.SidebarItem {
  const found = readdirSync(path.join(docs, folder)).filter((name) => name.endsWith('.md'));
  const named = pages.map((page) => `${page}.md`);
  const names = [...named, ...found.filter((name) => !named.includes(name))];
  return {
    text,
    collapsed: false,
    items: names.map((name) => ({
      text: titleOf(`${folder}/${name}`),
      link: `/${folder}/${name.replace(/(?:README)?\.md$/, '')}`,
    })),
  };
}

export default defineConfig({
  title: 'claimcache',
  description: 'Caches personalised content on Fastly Compute, keyed by verified JWT claims.',
  outDir: '../build/docs/site',
  cacheDir: '../build/docs/cache',
  // On GitHub, a folder shows its README.md.
  rewrites: { 'README.md': 'index.md', ':folder(.*)/README.md': ':folder/index.md' },
  markdown: {
    // The text says `<scope>:<value>` in many places, and nothing here is HTML.
    html: false,
    config: (md) => {
      md.core.ruler.push('readme-is-index', ({ tokens }) => {
        for (const { attrs } of tokens.flatMap(({ children }) => children ?? []))
          for (const attr of attrs ?? [])
            if (attr[0] === 'href') attr[1] = attr[1].replace(/\bREADME\.md(?=#|$)/, 'index.md');
      });
      // Vue would evaluate `{{ secrets.TOKEN }}` in a text.
      for (const rule of ['text', 'code_inline'] as const) {
        const render = md.renderer.rules[rule];
        md.renderer.rules[rule] = (...args) => render?.(...args).replaceAll('{{', '&#123;&#123;') ?? '';
      }
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: SECTIONS.filter(({ folder }) => !folder.includes('/')).map((section) => ({
      text: section.text,
      link: sectionOf(section).items?.[0]?.link ?? '/',
      activeMatch: `^/${section.folder}/`,
    })),
    sidebar: SECTIONS.map(sectionOf),
  },
});
