import { useState } from 'react';

/** Does something, and tells the sentence that it resolves with, if it is one, or why it failed. */
export function useSaid(): readonly [said: string, run: (work: () => Promise<unknown>) => void] {
  const [said, say] = useState('');
  const run = (work: () => Promise<unknown>) => {
    // A reader of the screen hears the same sentence again only if it was gone.
    say('');
    void work().then(
      (result) => say(typeof result === 'string' ? result : ''),
      (error: Error) => say(`That failed: ${error.message}`),
    );
  };
  return [said, run];
}
