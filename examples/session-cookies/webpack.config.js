import { claimcache } from 'claimcache/webpack';

export default claimcache();
