/** Bodies of the shapes that these systems send, by their documentation; names and values are made up. */

/** Contentful, `Entry.publish` (`application/vnd.contentful.management.v1+json`). */
export const CONTENTFUL_ENTRY = {
  metadata: {
    tags: [
      { sys: { type: 'Link', linkType: 'Tag', id: 'news' } },
      { sys: { type: 'Link', linkType: 'Tag', id: 'front' } },
    ],
  },
  sys: {
    type: 'Entry',
    id: '5PeGS2SoZGSa4GuiQsigQu',
    space: { sys: { type: 'Link', linkType: 'Space', id: 'yadj1kx9rmg0' } },
    environment: { sys: { type: 'Link', linkType: 'Environment', id: 'master' } },
    contentType: { sys: { type: 'Link', linkType: 'ContentType', id: 'blogPost' } },
    revision: 3,
    createdAt: '2026-05-04T10:00:00.000Z',
    updatedAt: '2026-05-04T11:30:00.000Z',
  },
  fields: {
    slug: { 'en-US': 'hello world', 'de-DE': 'grüße' },
    title: { 'en-US': 'He said: "{[:" and went' },
    body: {
      'en-US': {
        nodeType: 'document',
        data: {},
        content: [
          {
            nodeType: 'paragraph',
            content: [{ nodeType: 'text', value: 'x', marks: [], data: {} }],
            data: {},
          },
        ],
      },
    },
  },
};

/** Contentful, `Entry.unpublish`: no fields. */
export const CONTENTFUL_DELETED = {
  sys: { type: 'DeletedEntry', id: '5PeGS2SoZGSa4GuiQsigQu', space: CONTENTFUL_ENTRY.sys.space, revision: 3 },
};

/** Sanity, a document. */
export const SANITY_DOCUMENT = {
  _id: 'b1d3a9a0-0c1e-4f60-9b76-1c7c2a7a7c11',
  _rev: 'zQ1',
  _type: 'post',
  _updatedAt: '2026-05-04T11:30:00Z',
  slug: { _type: 'slug', current: 'guides/first-steps' },
  categories: [
    { _ref: 'cat-a', _type: 'reference', _key: 'k1' },
    { _ref: 'cat-b', _type: 'reference', _key: 'k2' },
  ],
};

/** Strapi 5, `entry.publish`. */
export const STRAPI_ENTRY = {
  event: 'entry.publish',
  createdAt: '2026-05-04T11:30:00.000Z',
  model: 'article',
  uid: 'api::article.article',
  entry: {
    id: 42,
    documentId: 'h90lgohlzfpjf3bvan72mzll',
    slug: 'first-steps',
    author: { id: 7 },
    publishedAt: null,
  },
};

/** WooCommerce, `product.updated` (wp_api_v3). */
export const WOOCOMMERCE_PRODUCT = {
  id: 799,
  name: 'Ship Your Idea',
  slug: 'ship-your-idea',
  permalink: 'https://www.example.com/product/ship-your-idea/',
  type: 'variable',
  status: 'publish',
  categories: [
    { id: 9, name: 'Clothing', slug: 'clothing' },
    { id: 14, name: 'T-shirts', slug: 't-shirts' },
  ],
  meta_data: [],
};

/** WooCommerce, a topic `action.save_post`. */
export const WOOCOMMERCE_ACTION = { action: 'save_post', arg: 1138 };

/** Stripe, `customer.updated`. */
export const STRIPE_EVENT = {
  id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
  object: 'event',
  type: 'customer.updated',
  data: { object: { id: 'cus_NffrFeUfNV2Hib', object: 'customer', metadata: { user: '42' } } },
};

/** Clerk, `user.updated`. */
export const CLERK_EVENT = {
  type: 'user.updated',
  object: 'event',
  data: { id: 'user_29w83sxmDNGwOuEthce5gg56FcC', object: 'user' },
};
