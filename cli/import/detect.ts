import type { Program } from 'acorn';
import { CliError } from '../base/cli-error.ts';
import { isCloudFront } from './cloudfront/import-cloudfront.ts';
import { isNextJs } from './nextjs/import-nextjs.ts';
import { parseJson, parseScript } from './parse-script.ts';
import type { SourceFile } from './read-source.ts';
import type { Tree } from './source-tree.ts';
import { staticValue } from './static-value.ts';
import { configurationOf } from './stellate/configuration.ts';

export const SOURCES = ['cloudfront', 'stellate', 'nextjs', 'vcl'] as const;
export type SourceKind = (typeof SOURCES)[number];

/** A source, read: what it is of, and its syntax. */
export type Source =
  | { readonly kind: 'cloudfront' | 'stellate'; readonly tree: Tree }
  | { readonly kind: 'nextjs'; readonly program: Program; readonly text: string }
  | { readonly kind: 'vcl'; readonly text: string };

/**
 * What a file is the configuration of, by what stands in it.
 *
 * @param wanted - Where a person has said it.
 * @throws {CliError} CLI_INPUT where it cannot be read, or is nothing that is known.
 */
export async function detect(file: SourceFile, wanted?: SourceKind): Promise<Source> {
  if (wanted === 'vcl' || (wanted === undefined && /\.vcl$/i.test(file.name)))
    return { kind: 'vcl', text: file.text };
  const isJson = /\.json$/i.test(file.name) || /^\s*\{/.test(file.text);
  if (isJson) {
    const tree = staticValue(await parseJson(file), file.text.replace(/^\uFEFF/, ''));
    if (wanted !== 'stellate' && isCloudFront(tree)) return { kind: 'cloudfront', tree };
    if (wanted === 'stellate' || (wanted === undefined && isStellate(tree)))
      return { kind: 'stellate', tree };
    throw unknown(file, wanted);
  }
  if (wanted === undefined && /\bsub\s+vcl_\w+\s*\{/.test(file.text)) return { kind: 'vcl', text: file.text };
  const program = await parseScript(file);
  if (wanted !== 'nextjs') {
    const tree = configurationOf(program, file.text);
    if (tree !== null && (wanted === 'stellate' || isStellate(tree))) return { kind: 'stellate', tree };
  }
  if (wanted === 'nextjs' || (wanted === undefined && isNextJs(program)))
    return { kind: 'nextjs', program, text: file.text };
  throw unknown(file, wanted);
}

/** A configuration of Stellate has an origin, rules or scopes. */
function isStellate(tree: Tree): boolean {
  if (tree.kind !== 'object') return false;
  const inner = tree.entries.get('config');
  const config = inner?.kind === 'object' ? inner : tree;
  return ['originUrl', 'rules', 'scopes'].some((name) => config.entries.has(name));
}

function unknown({ name }: SourceFile, wanted: SourceKind | undefined): CliError {
  return new CliError(
    'CLI_INPUT',
    `${name} is no configuration ${wanted === undefined ? 'that can be imported' : `of ${wanted}`}.`,
    'CloudFront: the JSON of `aws cloudfront get-distribution-config`. Stellate: stellate.config.ts. Next.js: middleware.ts or proxy.ts. VCL: a file with `sub vcl_recv`.',
  );
}
