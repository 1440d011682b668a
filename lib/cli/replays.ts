import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { asyncScheduler, Subject } from 'rxjs';
import type { Gap } from '../notification/hub';
import type { Recording } from '../testing/recording/format';
import { createReplayTransport } from '../testing/recording/replayTransport';
import { scriptsOf } from '../testing/recording/script';
import { isObject } from '../util/isObject';

/** The connections of a recording, to be replayed one after the other. */
export interface Replays {
  /** Returns a transport that replays the next connection. The last connection is replayed any number of times. */
  next(): Transport;
}

/** Creates the {@link Replays} of a recording. A request may match an equal request anywhere in the recording. */
export function createReplays({ events }: Recording, pace: 'recorded' | 'asap'): Replays {
  const scripts = scriptsOf(events).filter(({ hasOpened }) => hasOpened);
  const requests = scripts.flatMap((script) => script.requests);
  let index = 0;
  return {
    next() {
      const script = scripts[Math.min(index++, scripts.length - 1)] ?? {
        startedAt: 0,
        requests,
        events: [],
        hasOpened: true,
      };
      return createReplayTransport(script, {
        match: 'any',
        pace,
        scheduler: asyncScheduler,
        requests,
        unused: new Set(requests),
        // Recorded gaps are ignored, because the client detects gaps on its own.
        hub: { gaps$: new Subject<Gap>() },
      });
    },
  };
}

/**
 * Relays messages between a client's transport and a replay. Resolves when either has closed.
 *
 * @param listening - resolves when the client can receive messages that are not responses. Default: immediately.
 */
export async function join(client: Transport, replay: Transport, listening = Promise.resolve()): Promise<void> {
  const tokens = new Map<unknown, string | number>();
  await new Promise<void>((resolve, reject) => {
    client.onmessage = (message) => {
      if ('id' in message && 'method' in message) {
        const token = message.params?._meta?.progressToken;
        if (token !== undefined) tokens.set(token, message.id);
      }
      void replay.send(message);
    };
    replay.onmessage = (message) => {
      const params: unknown = 'params' in message ? message.params : undefined;
      const id =
        'method' in message ? (isObject(params) ? tokens.get(params['progressToken']) : undefined) : message.id;
      // Ignore errors if the client has disconnected.
      const sent =
        id === undefined ? listening.then(() => client.send(message)) : client.send(message, { relatedRequestId: id });
      sent.catch(() => undefined);
    };
    client.onclose = () => {
      void replay.close();
      resolve();
    };
    replay.onclose = () => {
      void client.close();
      resolve();
    };
    Promise.all([replay.start(), client.start()]).catch(reject);
  });
}
