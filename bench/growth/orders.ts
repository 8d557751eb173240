/** A page of somebody's, as the bench's origin and its crowd have it. */
export const ORDERS = JSON.stringify({
  orders: Array.from({ length: 8 }, (_, i) => ({ id: i, item: 'a thing' })),
});
/** Seconds: no run takes a day. */
export const ORDERS_TTL = 86_400;
