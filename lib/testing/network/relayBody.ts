/** Controls for the body of a response on its way to the client. */
export interface Flow {
  readonly response: Response;
  /** Breaks the connection of the response. */
  cut(): void;
  /** Adds text to the body. */
  inject(text: string): void;
}

/**
 * Relays the body of a response to the client. Each chunk waits for `pass`. The end of the body is relayed to the
 * client, and a cancellation to the server.
 *
 * @param pass - resolves when the next chunk may be relayed.
 * @param onEnd - called once, when the body has ended, was cancelled or was cut.
 */
export function relayBody(given: Response, pass: () => Promise<void>, onEnd: () => void): Flow {
  const reader = given.body?.getReader();
  let hasEnded = false;
  let target: ReadableStreamDefaultController<Uint8Array> | undefined;

  function end(finish: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    if (hasEnded) return;
    hasEnded = true;
    if (target) finish(target);
    onEnd();
  }

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      target = controller;
      if (!reader) end(() => controller.close());
    },
    async pull(controller) {
      if (!reader || hasEnded) return;
      try {
        const { done, value } = await reader.read();
        await pass();
        if (done) end(() => controller.close());
        else if (isStillOpen()) controller.enqueue(value);
      } catch (error) {
        end(() => controller.error(error));
      }
    },
    async cancel(reason) {
      end(() => undefined);
      await reader?.cancel(reason).catch(() => undefined);
    },
  });

  function isStillOpen(): boolean {
    return !hasEnded;
  }

  const hasBody = given.body !== null;
  if (!hasBody) end(() => undefined);
  return {
    response: new Response(hasBody ? body : null, { status: given.status, headers: given.headers }),
    cut() {
      end((controller) => controller.error(networkError('ECONNRESET', 'other side closed', 'terminated')));
      reader?.cancel().catch(() => undefined);
    },
    inject(text) {
      if (!hasEnded) target?.enqueue(new TextEncoder().encode(text));
    },
  };
}

/** Creates the error that Node's `fetch` rejects with. */
export function networkError(code: string, reason: string, message = 'fetch failed'): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(reason), { code }) });
}

/** Rejects like `fetch` when the signal aborts. */
export async function whenAborted(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  signal.throwIfAborted();
  throw networkError('ABORT_ERR', 'aborted');
}
