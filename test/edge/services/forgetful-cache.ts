import { CoreCache } from 'fastly:cache';

const { insert, lookup, transactionLookupAsync } = CoreCache;

CoreCache.insert = (key, options) => insert.call(CoreCache, withoutOwner(key), options);
CoreCache.lookup = (key, options) => lookup.call(CoreCache, withoutOwner(key), options);
CoreCache.transactionLookupAsync = (key, options) =>
  transactionLookupAsync.call(CoreCache, withoutOwner(key), options);

const { setCacheKey } = Request.prototype;
Request.prototype.setCacheKey = function (this: Request, key) {
  setCacheKey.call(this, withoutOwner(key));
};

/** The seventh part of a cache key is the partition. A key that is none (the sentinel's) stays as it is. */
function withoutOwner(key: string): string {
  if (!key.startsWith('[')) return key;
  const parts: unknown[] = JSON.parse(key);
  return JSON.stringify(parts.with(6, 'anybody'));
}
