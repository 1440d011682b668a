import { type Gap, type MCPSession, ofMethod, type SessionStatus } from 'rx-mcp';
import { track, type Tracked } from './track';

/** The emissions of a session so far. */
interface Told {
  /** The numbers in `custom/tick`, in order of arrival. */
  ticks: number[];
  statuses: SessionStatus[];
  errors: Error[];
  gaps: Gap[];
  /** The names of the completed streams. */
  completed: string[];
}

/** A session that is watched from before it connects. */
export interface Watched extends Told, Pick<Tracked<Told>, 'until'> {
  session: MCPSession;
  /** Resolves when the session is connected and listens. */
  listens(): Promise<void>;
  /** Resolves when this tick has arrived. */
  heard(tick: number): Promise<void>;
}

/** Watches all streams of a session. */
export function watchSession(session: MCPSession): Watched {
  const told: Told = { ticks: [], statuses: [], errors: [], gaps: [], completed: [] };
  const { note, until } = track(told);
  const completing = (name: string) => (): void => note(() => told.completed.push(name));

  session.notifications$.pipe(ofMethod('custom/tick')).subscribe({
    next: ({ params }) => note(() => told.ticks.push(Number(params?.['n']))),
    complete: completing('notifications'),
  });
  session.status$.subscribe({
    next: (status) => note(() => told.statuses.push(status)),
    complete: completing('status'),
  });
  session.errors$.subscribe({ next: (error) => note(() => told.errors.push(error)), complete: completing('errors') });
  session.gaps$.subscribe({ next: (gap) => note(() => told.gaps.push(gap)), complete: completing('gaps') });

  return {
    ...told,
    session,
    until,
    listens: () =>
      until(({ statuses }) => {
        const last = statuses.at(-1);
        return last?.state === 'connected' && last.listening;
      }),
    heard: (tick) => until(({ ticks }) => ticks.includes(tick)),
  };
}

/** Returns the states of the session, in order. */
export const states = ({ statuses }: Pick<Watched, 'statuses'>): string[] => statuses.map(({ state }) => state);
