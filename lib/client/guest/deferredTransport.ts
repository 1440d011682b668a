import type { SessionTransport } from './transport';

/** Returns a transport that is loaded when it is first used, because most apps never open one. */
export function deferredTransport(load: () => Promise<SessionTransport>): SessionTransport {
  let loading: Promise<SessionTransport> | undefined;
  let loaded: SessionTransport | undefined;

  function connect(target: SessionTransport): SessionTransport {
    target.onmessage = (message) => transport.onmessage?.(message);
    target.onerror = (error) => transport.onerror?.(error);
    target.onclose = () => transport.onclose?.();
    return (loaded = target);
  }

  /** Runs an action on the transport: immediately once it is loaded, so that messages keep their order. */
  function withTransport(action: (target: SessionTransport) => Promise<void>): Promise<void> {
    return loaded ? action(loaded) : (loading ??= load().then(connect)).then(action);
  }

  const transport: SessionTransport = {
    start: () => withTransport((target) => target.start()),
    send: (message) => withTransport((target) => target.send(message)),
    close: () => withTransport((target) => target.close()),
  };
  return transport;
}
