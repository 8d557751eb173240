import { serve } from 'claimcache';
import policy from './policy.ts';

serve(policy);
