import type { World } from '../base/world.ts';
import type { ManifestFix } from './fix-manifest.ts';

/** What was done, a line each. */
export function fixText({ added, made, left, notes }: ManifestFix, colors: World['colors']): string {
  const lines = [
    ...added.map((name) => `${colors.green('added')} ${name} to fastly.toml`),
    ...made.map((file) => `${colors.green('made')} ${file}`),
    ...notes,
    ...left.map(
      (toml) =>
        `${colors.yellow('not added')}: fastly.toml has no place for it as it is written. By hand: ${toml}`,
    ),
  ];
  if (lines.length === 0) return 'fastly.toml has what the policy needs.\n';
  return lines.map((line) => `${line}\n`).join('');
}
