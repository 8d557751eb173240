// The host calls of `fastly_http_cache`, on those of `fastly_cache`: http-cache.witx of Viceroy names and describes them.

import { requireLocalServer } from './guard';

export { prepare_response_for_storage } from './candidate';
export { get_found_response } from './found-response';
export {
  get_age_ns,
  get_hits,
  get_length,
  get_max_age_ns,
  get_sensitive_data,
  get_stale_if_error_ns,
  get_stale_while_revalidate_ns,
  get_state,
  get_surrogate_keys,
  get_vary_rule,
} from './found';
export { get_suggested_cache_key } from './keys';
export { transaction_choose_stale } from './leader';
export { lookup, transaction_lookup } from './lookup';
export { get_suggested_backend_request, is_request_cacheable } from './requests';
export { get_suggested_cache_options } from './suggested-options';
export {
  close,
  transaction_abandon,
  transaction_insert,
  transaction_insert_and_stream_back,
  transaction_record_not_cacheable,
  transaction_update,
  transaction_update_and_return_fresh,
} from './write';

// Runs when the wasm is instantiated, before the service.
requireLocalServer();
