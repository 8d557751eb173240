// The service with a bug planted in it: what it puts into the cache, and looks for there, forgets whose page it is. The
// imports of a module run in order: the bug is there before the service is.
import './forgetful-cache.ts';
import '../../support/service.ts';
