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
import { unsupported } from './callContext';
import type { Exchange } from './exchange';
import { supports } from './serverSession';

/** The requests whose answer may be that the client's input is required. */
const withRounds = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** What a client carries between the rounds of a call, signed. */
export interface RoundState {
  /** The call that the answers belong to: those of another one do not count. */
  readonly call: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** A call that ends when it asks, and runs again with the answers. */
export interface InputRounds {
  readonly ask$: Exchange['ask$'];
  /** Ends the answer of a call with `input_required` when the call has asked. Questions of one tick are one round. */
  run$(answer$: Observable<Result>): Observable<Result>;
}

/** Options for {@link createInputRounds}. */
export interface InputRoundsOptions {
  method: string;
  params: Record<string, unknown>;
  capabilities: ClientCapabilities;
  /** The state that came with the request, verified. */
  state: unknown;
  /** The answers that came with the request. */
  responses: Readonly<Record<string, unknown>>;
  sign: (state: RoundState) => Promise<string>;
  scheduler: SchedulerLike;
}

/** Collects the questions of one run of a call. */
export function createInputRounds(options: InputRoundsOptions): InputRounds {
  const { method, params, capabilities, state, responses, sign, scheduler } = options;
  const call = JSON.stringify([method, params['name'] ?? params['uri'], params['arguments']]);
  const asked = new Map<string, { method: string; params: Record<string, unknown> }>();
  const due$ = new Subject<void>();
  const answers: Record<string, unknown> = {
    ...(isState(state) && state.call === call && state.answers),
    ...responses,
  };

  async function required(): Promise<Result> {
    return {
      resultType: 'input_required',
      inputRequests: Object.fromEntries(asked),
      requestState: await sign({ call, answers }),
    };
  }

  return {
    ask$: (key, question, given) =>
      defer(() => {
        if (!withRounds.has(method) || !supports(capabilities, question))
          return throwError(() => unsupported(question));
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
