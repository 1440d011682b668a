import type { RequestId } from '../../protocol/types';

/**
 * The id of the request on whose response stream a server request arrived, by server request. Wires with one stream for all
 * messages do not know it.
 */
export const originIds = new WeakMap<object, RequestId>();
