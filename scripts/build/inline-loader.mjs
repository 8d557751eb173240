/**
 * A webpack loader that puts another source in the place of a module.
 *
 * @this {import('webpack').LoaderContext<{ source: string }>}
 */
export default function inlineLoader() {
  return this.getOptions().source;
}
