/**
 * The share of requests whose token the sandbox has verified already, when it serves `requests` of `people` who are all as
 * likely to come next: what repeats among that many draws. Expected number of different people among n draws of m:
 * m (1 − (1 − 1/m)^n).
 */
export function seenTokens(people: number, requests: number): number {
  const different = people * (1 - (1 - 1 / people) ** requests);
  return 1 - different / requests;
}
