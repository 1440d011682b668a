import { listDiff, logMessage, type MCPSession, ofMethod, type Root, type Tool } from 'rx-mcp';
import { filter, map, merge, type Observable, pairwise } from 'rxjs';
import { z } from 'zod';
import type { DemoFact } from './demoFact';

const heartbeat = z.object({ count: z.number() });
const rootsRead = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** Everything that can be seen of a session, as one stream. It completes when the session is disconnected. */
export function factsOf(session: MCPSession): Observable<DemoFact> {
  const { notifications$, messages$, tools$, status$, gaps$, errors$, roots$ } = session;

  return merge(
    status$.pipe(map((status): DemoFact => ({ type: 'status', ...status }))),
    status$.pipe(
      pairwise(),
      filter(([before, now]) => before.state === 'reconnecting' && now.state === 'connected'),
      map((): DemoFact => ({ type: 'reconnected' })),
    ),
    gaps$.pipe(map((gap): DemoFact => ({ type: 'gap', ...gap }))),
    errors$.pipe(map((error): DemoFact => ({ type: 'error', error }))),

    messages$.pipe(
      filter((message) => message.kind === 'request'),
      map(({ request }): DemoFact => ({ type: 'request', method: request.method })),
    ),
    notifications$.pipe(map(({ method, params }): DemoFact => ({ type: 'notification', method, params }))),
    notifications$.pipe(
      ofMethod('custom/heartbeat', heartbeat),
      map(({ params }): DemoFact => ({ type: 'heartbeat', count: params.count })),
    ),
    notifications$.pipe(
      logMessage('warning'),
      map(({ params }): DemoFact => ({ type: 'log', level: params.level, data: params.data })),
    ),
    notifications$.pipe(
      ofMethod('custom/roots-read', rootsRead),
      map(({ params }): DemoFact => ({ type: 'roots-read', uris: urisOf(params.roots) })),
    ),
    roots$.pipe(map((roots): DemoFact => ({ type: 'roots', uris: urisOf(roots) }))),
    tools$.pipe(
      listDiff(),
      map(({ added, removed }): DemoFact => ({ type: 'tools', added: namesOf(added), removed: namesOf(removed) })),
    ),
  );
}

const urisOf = (roots: readonly Root[]): string[] => roots.map(({ uri }) => uri);
const namesOf = (tools: readonly Tool[]): string[] => tools.map(({ name }) => name);
