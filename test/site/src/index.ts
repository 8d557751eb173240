import { serve } from 'claimcache';
import handlers from './handlers.ts';
import policy from './policy.ts';

serve(policy, handlers);
