import type { ServerResponse } from 'node:http';
import type { RequestId } from '@modelcontextprotocol/sdk/types.js';

/** An event stream that is open now. */
export interface OpenStream {
  readonly method: string;
  readonly sessionId: string;
  /** The requests that are answered on it. */
  readonly requestIds: readonly RequestId[];
  readonly response: ServerResponse;
}

/** The open streams, and the ways to end them. */
export interface Streams {
  readonly open: Set<OpenStream>;
  end(which: (stream: OpenStream) => boolean): number;
  /** Ends with a TCP reset. */
  reset(which: (stream: OpenStream) => boolean): number;
}

/** No streams yet. */
export function createStreams(): Streams {
  const open = new Set<OpenStream>();
  const each = (which: (stream: OpenStream) => boolean, act: (response: ServerResponse) => void): number => {
    const chosen = [...open].filter(which);
    for (const { response } of chosen) act(response);
    return chosen.length;
  };
  return {
    open,
    end: (which) => each(which, (response) => response.end()),
    reset: (which) => each(which, (response) => response.socket?.resetAndDestroy()),
  };
}
