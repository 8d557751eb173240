/** More than anybody means. */
const MAX_MEMBERS = 100;

/** Whether a field has more members, or what looks like that, than anybody needs: asked without taking it apart. */
export function hasManyMembers(field: string | null): boolean {
  if (field === null || field.length <= MAX_MEMBERS) return false;
  let count = 1;
  for (let at = field.indexOf(','); at >= 0; at = field.indexOf(',', at + 1)) {
    count += 1;
    if (count > MAX_MEMBERS) return true;
  }
  return false;
}
