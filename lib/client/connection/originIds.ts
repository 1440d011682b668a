import type { RequestId } from '../../protocol/types';

/**
 * Maps a server request to the id of the request on whose response stream it arrived. Empty for transports with a single stream for
 * all messages.
 */
export const originIds = new WeakMap<object, RequestId>();
