import { onlyCookie } from '../http/cookies.ts';
import type { Variants } from '../policy/routes/variants.ts';
import type { Variant, Visitor } from './identity.ts';
import { pickLanguage } from './language.ts';

/** Which page of a public route a visitor gets: of all that a client may send, one of the values that the policy lists. */
export function variantOf(
  { languages, countries, devices, cookies }: Variants,
  { headers, cookies: sent, country, device }: Visitor,
): Variant {
  const told: [string, string][] = [];
  const forwarded: [string, string][] = [];
  const key: string[] = [];
  const [first] = languages ?? [];
  if (languages !== null && first !== undefined) {
    const language = pickLanguage(headers.get('accept-language') ?? '', languages) ?? first;
    forwarded.push(['accept-language', language]);
    key.push(`language:${language}`);
  }
  if (countries !== null) {
    const here = country();
    const isListed = here !== null && (countries === true || countries.includes(here));
    told.push(['x-claimcache-country', isListed ? here : 'other']);
  }
  if (devices) told.push(['x-claimcache-device', device() ?? 'other']);
  const pairs = cookies.map(([name, values]) => {
    const value = onlyCookie(sent, name);
    return `${name}=${value !== null && values.includes(value) ? value : values[0]}`;
  });
  if (pairs.length > 0) forwarded.push(['cookie', pairs.join('; ')]);
  for (const [name, value] of told) key.push(`${name.slice('x-claimcache-'.length)}:${value}`);
  for (const pair of pairs) key.push(`cookie:${pair}`);
  return { key, told, forwarded };
}
