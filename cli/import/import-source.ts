import { PolicyError } from '../../src/policy/policy-error.ts';
import { CliError } from '../base/cli-error.ts';
import { importCloudFront } from './cloudfront/import-cloudfront.ts';
import type { Source } from './detect.ts';
import type { Answers, Imported } from './draft.ts';
import { compiledDraft } from './fill-in.ts';
import { importNextJs } from './nextjs/import-nextjs.ts';
import type { Tree } from './source-tree.ts';
import { importStellate } from './stellate/import-stellate.ts';
import { importVcl } from './vcl/import-vcl.ts';

/**
 * A policy from what a person has. It compiles, but for what is open in it.
 *
 * @param beside - CloudFront: files of cache policies and origin request policies.
 * @throws {CliError} CLI_INPUT where the source is not what it has to be, CLI_POLICY where what it says makes no policy.
 */
export function importSource(source: Source, beside: readonly Tree[], answers: Answers): Imported {
  try {
    const imported = fromSource(source, beside, answers);
    compiledDraft(imported.draft);
    return imported;
  } catch (cause) {
    if (cause instanceof PolicyError) {
      const fix = 'Take out of the source what the lines name, or correct it there, and import again.';
      throw new CliError('CLI_POLICY', `What the source says makes no policy:\n${cause.message}`, fix, {
        cause,
      });
    }
    if (!(cause instanceof RangeError)) throw cause;
    throw new CliError(
      'CLI_INPUT',
      'The source is too large or too deep.',
      'Give the part that is about caching.',
      { cause },
    );
  }
}

function fromSource(source: Source, beside: readonly Tree[], answers: Answers): Imported {
  switch (source.kind) {
    case 'cloudfront':
      return importCloudFront(source.tree, beside, answers);
    case 'stellate':
      return importStellate(source.tree, answers);
    case 'nextjs':
      return importNextJs(source.program, source.text, answers);
    case 'vcl':
      return importVcl(source.text, answers);
  }
}
