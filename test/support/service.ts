// A service of three files, as a user has it: with the policy that a test is about.
import { serve } from 'claimcache';
import policy from 'test-policy';

serve(policy);
