/**
 * Which routes a host has beside those of all hosts: the class under which the matcher knows them; '' for none. A name comes before a
 * pattern, and of two patterns the longer one.
 *
 * @param classes - By name, and for `*.example.com` by `.example.com`.
 * @param host - Lower case, with or without a port.
 */
export function hostClassOf(classes: ReadonlyMap<string, string>, host: string): string {
  const name = host.replace(/:\d+$/, '');
  const own = classes.get(name);
  if (own !== undefined) return own;
  for (let dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const known = classes.get(name.slice(dot));
    if (known !== undefined) return known;
  }
  return '';
}
