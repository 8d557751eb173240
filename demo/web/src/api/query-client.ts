import { QueryClient } from '@tanstack/react-query';
import { AskError } from './ask.ts';

const MAX_RETRIES = 2;

/** A refusal stays one; a service that does not answer may have been restarting. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < MAX_RETRIES && !isRefusal(error),
        retryDelay: 500,
      },
    },
  });
}

function isRefusal(error: Error): boolean {
  return error instanceof AskError && error.status >= 400 && error.status < 500;
}
