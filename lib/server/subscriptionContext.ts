import { createCallContext, type CallContext } from './callContext';
import { outputOf } from './callOutput';
import type { Exchange } from './exchange';
import { createSender } from './runCall';

/** Creates the context for a source that runs without a call, while a client is subscribed to a resource. */
export function createSubscriptionContext(exchange: Exchange): { ctx: CallContext; abort: () => void } {
  const controller = new AbortController();
  const send = createSender(exchange);
  const ctx = createCallContext(exchange, controller.signal, (value) => {
    const output = outputOf(value);
    if (output) send(output);
  });
  return { ctx, abort: () => controller.abort() };
}
