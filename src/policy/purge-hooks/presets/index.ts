/**
 * Signatures of systems that send webhooks, for the `signature` of a policy's `purgeHooks`. `import { sanity } from 'claimcache/hooks'`.
 */
export { contentful, github, sanity, standardWebhooks, strapi, stripe, woocommerce } from './signatures.ts';
