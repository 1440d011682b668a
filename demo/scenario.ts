import { type BackoffOptions, type CallToolResult, type MCPSession, RequestTimeoutError } from 'rx-mcp';
import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
  of,
  switchMap,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { type DemoEvent, type DemoFact, factsOf } from './facts';

/** A session to watch, and the steps to perform while it is watched. */
export interface Scenario {
  /** The session, not connected yet. */
  readonly session: MCPSession;
  /** Performs the steps once the session is connected, and completes after the last one. Cold. */
  readonly steps$: Observable<DemoFact>;
  /** Standard error of the server's process, if there is one. Hot. */
  readonly stderr$?: Observable<string>;
  /** Ends everything that the scenario started, and resolves when that has ended. */
  close(): Promise<void>;
}

/** Short delays, so that viewers do not wait long for each attempt. */
export const reconnect: BackoffOptions = { initialDelay: 250, maxDelay: 1_000 };

/** The pause after each step for reading, in milliseconds. */
const pauseMs = 1_250;

/** The timeout of a tour, in milliseconds. */
const tourTimeoutMs = 60_000;

/**
 * Plays a scenario as one stream. Watches and connects the session, performs the steps, and disconnects after the last step or
 * when `interrupted$` emits. Completes when the streams of the session have completed.
 */
export function eventsOf(scenario: Scenario, interrupted$: Observable<unknown>): Observable<DemoEvent> {
  const { session, steps$, stderr$ = EMPTY } = scenario;
  const connect$ = defer(() => session.connect()).pipe(ignoreElements());
  const disconnect$ = defer(() => session.disconnect()).pipe(ignoreElements());

  return merge(
    factsOf(session),
    stderr$.pipe(map((text): DemoFact => ({ type: 'stderr', text }))),
    concat(concat(connect$, steps$).pipe(takeUntil(interrupted$)), disconnect$),
  ).pipe(map((fact) => ({ at: Date.now(), ...fact })));
}

/** Emits the title of a step, performs it, and pauses. */
export function step(text: string, act: () => ObservableInput<DemoFact>): Observable<DemoFact> {
  return concat(of<DemoFact>({ type: 'step', text }), defer(act), timer(pauseMs).pipe(ignoreElements()));
}

/** Calls a tool on subscription. Emits its progress, then its result. */
export function callFacts(session: MCPSession, tool: string, args?: Record<string, unknown>): Observable<DemoFact> {
  return session.callTool$(tool, args).pipe(
    map((event): DemoFact => {
      if (event.kind === 'result') return { type: 'result', tool, text: textOf(event.result) };
      if (event.kind === 'task') return { type: 'progress', tool, progress: 0, message: `task ${event.task.status}` };
      const { progress, total, message } = event;
      return { type: 'progress', tool, progress, total, message };
    }),
  );
}

function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : `(${part.type})`)).join(' ');
}

/** Errors if a tour exceeds its timeout. */
export function withinTourTimeout<T>(): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(
    () => new RequestTimeoutError(`tour: timed out after ${tourTimeoutMs} ms`, { timeout: tourTimeoutMs }),
  );
  return takeUntil(timer(tourTimeoutMs).pipe(switchMap(() => overdue$)));
}
