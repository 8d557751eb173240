/**
 * The host hands a field over in a buffer of 69,000 bytes. Where one is longer, this runtime (js-compute 3.46) takes all the fields for absent, without
 * an exception: an answer would lose its `Cache-Control` and `Set-Cookie`. The exception is pending meanwhile, and the next `await` of the host
 * ends the request in an empty 200; throwing and catching another one clears it.
 *
 * @throws where an answer has no fields at all: every one that could be read has some.
 */
export function refuseLostFields(headers: Headers): void {
  if (headers.keys().next().done === true) throw new Error('the header fields of the answer cannot be read');
}
