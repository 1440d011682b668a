import { createCallContext, type CallContext } from './callContext';
import { outputOf, tag } from './callOutput';
import type { Exchange } from './exchange';
import { createSender } from './runCall';

/**
 * Creates the context for the source of a resource that runs outside of a call, because a client is subscribed to it.
 */
export function createSubscriptionContext(
  exchange: Exchange,
  onError: (error: unknown) => void,
): { ctx: CallContext; abort: () => void } {
  const controller = new AbortController();
  const send = createSender(exchange, onError);
  const ctx = createCallContext(
    exchange,
    controller.signal,
    (value) => {
      const output = outputOf(value);
      if (output && output[tag] !== 'result') send(output);
    },
    onError,
  );
  return { ctx, abort: () => controller.abort() };
}
