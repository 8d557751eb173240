const TIMEOUT_MS = 10_000;

/** Purges surrogate keys as a back end does: by the service's own endpoint, with the operator's token. */
export function purgeThrough(
  edgeUrl: string,
  operatorToken: string,
): (keys: readonly string[]) => Promise<void> {
  return async (keys) => {
    const response = await fetch(`${edgeUrl}/.edge/purge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ keys }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the purge was answered ${response.status}`);
  };
}
