import { serve } from 'claimcache';
import handlers from '../../test/site/src/handlers.ts';
import policy from '../policies/without-graphql.ts';

serve(policy, handlers);
