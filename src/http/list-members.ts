/** Whether a list has more members than that, or what looks like members: asked without taking it apart. */
export function hasMoreMembers(list: string, max: number): boolean {
  let count = 1;
  for (let at = list.indexOf(','); at >= 0; at = list.indexOf(',', at + 1)) {
    count += 1;
    if (count > max) return true;
  }
  return false;
}
