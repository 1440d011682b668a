import {
  auditTime,
  defer,
  merge,
  NEVER,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  switchMap,
  take,
  throwError,
} from 'rxjs';
import { ServerError } from '../errors';
import { errorCode, modernErrorCode } from '../protocol/errorCodes';
import type { ClientCapabilities, Result } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Exchange } from './exchange';
import { requiredCapability, supports } from './supports';

/** The methods whose response may be `input_required`. */
const inputMethods = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The state of a call, signed by the server. The client sends it back with the answers. */
export interface InputRequestState {
  /** Identifies the call that the answers belong to. Answers to a different call are ignored. */
  readonly call: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Creates the error for a call that requires a capability that the client has not declared. */
function missingCapability(method: string): ServerError {
  const capability = requiredCapability.get(method);
  const requiredCapabilities = capability === undefined ? {} : { [capability]: {} };
  return new ServerError(`${method}: the client does not support this request`, {
    code: modernErrorCode.missingRequiredClientCapability,
    data: { requiredCapabilities },
  });
}

/**
 * Requests input from a client of protocol 2026-07-28: ends the call with `input_required`. The client sends its
 * request again with the answers, and the call runs again.
 */
export interface InputRequests {
  readonly request$: Exchange['request$'];
  /** Whether the call ended with requests for input. */
  readonly isInputRequired: boolean;
  /**
   * Emits the result of the call, or an `input_required` result if the call requests input. Input requests of the same
   * tick are sent together.
   */
  run$(answer$: Observable<Result>): Observable<Result>;
}

export interface InputRequestsOptions {
  method: string;
  params: Record<string, unknown>;
  capabilities: ClientCapabilities;
  /** The state that the client sent back, with a verified signature. */
  state: unknown;
  /** The answers in the client's request. */
  responses: Readonly<Record<string, unknown>>;
  sign: (state: InputRequestState) => Promise<string>;
  scheduler: SchedulerLike;
}

/** Creates the {@link InputRequests} of one run of a call. */
export function createInputRequests(options: InputRequestsOptions): InputRequests {
  const { method, params, capabilities, state, responses, sign, scheduler } = options;
  const call = JSON.stringify([method, params['name'] ?? params['uri'], params['arguments']]);
  const requested = new Map<string, { method: string; params: Record<string, unknown> }>();
  const due$ = new Subject<void>();
  let isInputRequired = false;
  const answers: Record<string, unknown> = {
    ...(isState(state) && state.call === call && state.answers),
    ...responses,
  };

  async function inputRequired(): Promise<Result> {
    const requestState = await sign({ call, answers });
    isInputRequired = true;
    return {
      resultType: 'input_required',
      inputRequests: Object.fromEntries(requested),
      requestState,
    };
  }

  return {
    get isInputRequired() {
      return isInputRequired;
    },
    request$: (key, requestedMethod, given) =>
      defer(() => {
        if (!inputMethods.has(method) || !supports(capabilities, requestedMethod))
          return throwError(() => missingCapability(requestedMethod));
        if (Object.hasOwn(answers, key)) return of(answers[key]);
        if (requested.has(key)) {
          const message = `${requestedMethod}: duplicate key ${key}`;
          return throwError(() => new ServerError(message, { code: errorCode.internalError }));
        }
        requested.set(key, { method: requestedMethod, params: given });
        due$.next();
        return NEVER;
      }),
    run$: (answer$) => {
      const required$ = due$.pipe(auditTime(0, scheduler), switchMap(inputRequired));
      return merge(required$, answer$).pipe(take(1));
    },
  };
}

function isState(state: unknown): state is InputRequestState {
  return isObject(state) && typeof state['call'] === 'string' && isObject(state['answers']);
}
