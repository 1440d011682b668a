import { useState } from 'react';
import type { Session } from 'rx-mcp';
import { catchError, map, of, Subject, switchMap } from 'rxjs';
import { useObservable } from './useObservable';

export function App({ session }: { session: Session }) {
  const status = useObservable(session.status$, { state: 'idle' });
  const tools = useObservable(session.tools$, []);
  const [isOpen, setOpen] = useState(true);
  return (
    <main>
      <p>{status.state === 'reconnecting' ? `reconnecting: ${status.error.message}` : status.state}</p>
      <ul>
        {tools.map(({ name, description }) => (
          <li key={name} title={description}>
            {name}
          </li>
        ))}
      </ul>
      {isOpen && <Build session={session} />}
      <button onClick={() => setOpen(!isOpen)}>toggle</button>
    </main>
  );
}

/** Calls a tool on each click. Another click cancels the previous call, and so does unmounting. */
function Build({ session }: { session: Session }) {
  const [clicks$] = useState(() => new Subject<void>());
  const [output$] = useState(() =>
    clicks$.pipe(
      switchMap(() =>
        session.callTool$('build').pipe(
          map((event) => (event.kind === 'progress' ? `${event.progress} of ${event.total}` : event.kind)),
          catchError((error: Error) => of(error.message)),
        ),
      ),
    ),
  );
  const output = useObservable(output$, '');
  return (
    <p>
      <button onClick={() => clicks$.next()}>build</button> <output>{output}</output>
    </p>
  );
}
