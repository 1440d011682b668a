import { logMessage, ofMethod, type Session } from 'rx-mcp';
import { catchError, concatMap, defer, EMPTY, from, map, merge, type Observable, of, skip, tap } from 'rxjs';
import { z } from 'zod';

const alert = z.object({ text: z.string() });

/** Emits one line for each event that the agent should know of. */
export function eventsOf(session: Session, uri: string): Observable<string> {
  return merge(
    session.notifications$.pipe(
      ofMethod('custom/alert', alert),
      map(({ params }) => `Alert: ${params.text}`),
    ),
    session.notifications$.pipe(
      logMessage('error'),
      map(({ params }) => `Error in the log: ${JSON.stringify(params.data)}`),
    ),
    session.resource$(uri).pipe(
      skip(1), // the initial content is not an event
      map((contents) => `${uri} changed: ${JSON.stringify(contents)}`),
    ),
    session.gaps$.pipe(
      map(({ since, until }) => `Events between ${time(since)} and ${time(until)} may be missing. Check the state.`),
    ),
  );
}

/** Runs the agent when an event arrives, one run at a time. The events that arrive during a run are the input of the next run. */
export function wake(events$: Observable<string>, run: (events: readonly string[]) => Promise<string>) {
  return defer(() => {
    let waiting: string[] = [];
    return events$.pipe(
      tap((event) => (waiting = [...waiting, event].slice(-100))),
      concatMap(() => {
        const events = waiting;
        waiting = [];
        return events.length === 0 ? EMPTY : from(run(events)).pipe(catchError((error: Error) => of(error.message)));
      }),
    );
  });
}

const time = (ms: number): string => new Date(ms).toISOString();
