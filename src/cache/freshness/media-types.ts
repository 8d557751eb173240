import { mimes } from 'mrmime';

/**
 * File extension to media type, as JSON text: webpack evaluates this module while the service is built, and the text is
 * parsed when the first response is stored. As an object its 400 members would be walked by each garbage collection.
 */
export default JSON.stringify(mimes);
