/**
 * The share of requests whose token the sandbox remembers, when it serves `requests` of `people` who are all as likely to come next, and
 * keeps `remembered` tokens, the latest used. Expected number of different people among n draws of m: m (1 − (1 − 1/m)^n).
 */
export function seenTokens(people: number, requests: number, remembered: number): number {
  let seen = 0;
  for (let before = 0; before < requests; before++) {
    const different = people * (1 - (1 - 1 / people) ** before);
    seen += Math.min(different, remembered) / people;
  }
  return seen / requests;
}
