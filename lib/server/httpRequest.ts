import { readRequestBody } from '@modelcontextprotocol/server';

/** An HTTP request, independent of the platform. */
export interface HttpRequest {
  readonly method: string;
  /** Returns the value of a header, or `null` if it is absent. */
  header(name: string): string | null;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /**
   * Aborts when the client disconnects. `undefined` if the platform then immediately cancels the stream of the
   * response.
   */
  readonly streamSignal: AbortSignal | undefined;
  /** Reads the body. Resolves with `undefined` if it exceeds `maxBytes`. Rejects if it cannot be read. */
  readText(maxBytes: number): Promise<string | undefined>;
  /** Returns the request without its body. */
  toRequest(): Request;
}

/** An {@link HttpRequest} from a web-standard `Request`. */
export class WebRequest implements HttpRequest {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get streamSignal(): AbortSignal {
    return this.#request.signal;
  }

  header(name: string): string | null {
    return this.#request.headers.get(name);
  }

  async readText(maxBytes: number): Promise<string | undefined> {
    const read = await readRequestBody(this.#request, maxBytes);
    return read.tooLarge ? undefined : read.text;
  }

  toRequest(): Request {
    return this.#request;
  }
}
