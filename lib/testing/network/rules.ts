import { ServerError } from '../../errors';
import type { Incoming } from './incoming';

/** The HTTP response of a simulated proxy between client and server. */
export interface ProxyResponse {
  /** The HTTP status. */
  status: number;
  /** The headers. Default: none. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The body, as text. Default: empty. */
  body?: string | undefined;
}

/** Selects the requests that a rule applies to. */
export interface RuleOptions {
  /** The number of requests that the rule applies to. Default 1. */
  times?: number | undefined;
  /** A JSON-RPC method such as `tools/list`, or an HTTP verb such as `GET`. Default: every request. */
  method?: string | undefined;
}

/** Rules for responses that replace the server's responses. */
export interface Rules {
  add(options: RuleOptions, respond: (incoming: Incoming) => Response): void;
  /**
   * Returns the response of the oldest rule that applies, and counts its use. Returns `undefined` if no rule applies.
   */
  apply(incoming: Incoming): Response | undefined;
}

export function createRules(): Rules {
  const rules: { left: number; method: string | undefined; respond: (incoming: Incoming) => Response }[] = [];
  return {
    add({ times = 1, method }, respond) {
      rules.push({ left: times, method, respond });
    },
    apply(incoming) {
      const rule = rules.find(
        ({ left, method }) => left > 0 && [undefined, incoming.verb, incoming.method].includes(method),
      );
      if (!rule) return undefined;
      rule.left--;
      return rule.respond(incoming);
    },
  };
}

/** Creates the `Response` of a proxy. */
export function proxyResponse({ status, headers = {}, body = '' }: ProxyResponse): Response {
  const hasBody = ![101, 204, 205, 304].includes(status);
  return new Response(hasBody ? body : null, { status, headers });
}

/** Creates the response to a JSON-RPC request: a result or, if the outcome is an `Error`, a JSON-RPC error. */
export function answerWith(outcome: object, id: unknown, era: 'legacy' | 'modern'): Response {
  const isError = outcome instanceof Error;
  const code = outcome instanceof ServerError ? outcome.code : -32603;
  const data: unknown = outcome instanceof ServerError ? outcome.data : undefined;
  const answer = isError
    ? { error: { code, message: outcome.message, data } }
    : { result: era === 'modern' ? { resultType: 'complete', ...outcome } : outcome };
  return Response.json({ jsonrpc: '2.0', id, ...answer });
}
