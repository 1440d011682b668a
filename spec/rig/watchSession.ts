import { type Gap, type MCPSession, ofMethod, type SessionStatus } from 'rx-mcp';
import { track, type Tracked } from './track';

/** The emissions of a session so far. */
interface Emissions {
  /** The numbers in `custom/tick`, in order of arrival. */
  ticks: number[];
  statuses: SessionStatus[];
  errors: Error[];
  gaps: Gap[];
  /** The names of the completed streams. */
  completed: string[];
}

/** A session that is watched from before it connects. */
export interface Watched extends Emissions, Pick<Tracked<Emissions>, 'until'> {
  session: MCPSession;
  /** Resolves when the session is connected and listens. */
  listens(): Promise<void>;
  /** Resolves when this tick has arrived. */
  receives(tick: number): Promise<void>;
}

/** Watches all streams of a session. */
export function watchSession(session: MCPSession): Watched {
  const emissions: Emissions = { ticks: [], statuses: [], errors: [], gaps: [], completed: [] };
  const { note, until } = track(emissions);
  const completing = (name: string) => (): void => note(() => emissions.completed.push(name));

  session.notifications$.pipe(ofMethod('custom/tick')).subscribe({
    next: ({ params }) => note(() => emissions.ticks.push(Number(params?.['n']))),
    complete: completing('notifications'),
  });
  session.status$.subscribe({
    next: (status) => note(() => emissions.statuses.push(status)),
    complete: completing('status'),
  });
  session.errors$.subscribe({
    next: (error) => note(() => emissions.errors.push(error)),
    complete: completing('errors'),
  });
  session.gaps$.subscribe({ next: (gap) => note(() => emissions.gaps.push(gap)), complete: completing('gaps') });

  return {
    ...emissions,
    session,
    until,
    listens: () =>
      until(({ statuses }) => {
        const last = statuses.at(-1);
        return last?.state === 'connected' && last.listening;
      }),
    receives: (tick) => until(({ ticks }) => ticks.includes(tick)),
  };
}

/** Returns the states of the session, in order. */
export const states = ({ statuses }: Pick<Watched, 'statuses'>): string[] => statuses.map(({ state }) => state);
