/**
 * The work goes on past the timeout, there is no way to end it; nobody waits for it any longer.
 *
 * @param who - Is late then, in the message.
 */
export async function withTimeout<T>(who: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${who}: timeout`)), timeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
