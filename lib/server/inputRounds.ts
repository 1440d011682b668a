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
import { errorCode } from '../protocol/errorCodes';
import type { ClientCapabilities, Result } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Exchange } from './exchange';
import { requiredCapability, supports } from './serverSession';

/** Requests to which the server may respond that input of the client is required. */
const withRounds = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The state that a client carries between the rounds of a call. Signed by the server. */
export interface RoundState {
  /** Identifies the call that the answers belong to. Answers to a different call are ignored. */
  readonly call: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Creates the protocol's error for a request that needs a capability that the client has not declared. */
function missingCapability(method: string): ServerError {
  const capability = requiredCapability.get(method);
  const requiredCapabilities = capability === undefined ? {} : { [capability]: {} };
  return new ServerError(`${method}: the client does not support this request`, {
    code: errorCode.missingRequiredClientCapability,
    data: { requiredCapabilities },
  });
}

/** Ends a call when it asks for input, and runs it again with the answers. */
export interface InputRounds {
  readonly ask$: Exchange['ask$'];
  /** Whether the call ended with questions. */
  readonly isInputRequired: boolean;
  /**
   * Replaces the result of a call by `input_required` if the call has asked for input. Questions of the same tick belong to one
   * round.
   */
  run$(answer$: Observable<Result>): Observable<Result>;
}

/** Options for {@link createInputRounds}. */
export interface InputRoundsOptions {
  method: string;
  params: Record<string, unknown>;
  capabilities: ClientCapabilities;
  /** The verified state of the request. */
  state: unknown;
  /** The answers in the request. */
  responses: Readonly<Record<string, unknown>>;
  sign: (state: RoundState) => Promise<string>;
  scheduler: SchedulerLike;
}

/** Creates the rounds of a call. They collect the questions of one run. */
export function createInputRounds(options: InputRoundsOptions): InputRounds {
  const { method, params, capabilities, state, responses, sign, scheduler } = options;
  const call = JSON.stringify([method, params['name'] ?? params['uri'], params['arguments']]);
  const asked = new Map<string, { method: string; params: Record<string, unknown> }>();
  const due$ = new Subject<void>();
  let isInputRequired = false;
  const answers: Record<string, unknown> = {
    ...(isState(state) && state.call === call && state.answers),
    ...responses,
  };

  async function required(): Promise<Result> {
    const requestState = await sign({ call, answers });
    isInputRequired = true;
    return {
      resultType: 'input_required',
      inputRequests: Object.fromEntries(asked),
      requestState,
    };
  }

  return {
    get isInputRequired() {
      return isInputRequired;
    },
    ask$: (key, question, given) =>
      defer(() => {
        if (!withRounds.has(method) || !supports(capabilities, question))
          return throwError(() => missingCapability(question));
        if (Object.hasOwn(answers, key)) return of(answers[key]);
        if (asked.has(key)) {
          const message = `${question}: the key ${key} names another question`;
          return throwError(() => new ServerError(message, { code: errorCode.internalError }));
        }
        asked.set(key, { method: question, params: given });
        due$.next();
        return NEVER;
      }),
    run$: (answer$) => {
      const required$ = due$.pipe(auditTime(0, scheduler), switchMap(required));
      return merge(required$, answer$).pipe(take(1));
    },
  };
}

function isState(state: unknown): state is RoundState {
  return isObject(state) && typeof state['call'] === 'string' && isObject(state['answers']);
}
