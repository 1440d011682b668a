import {
  type Gap,
  listDiff,
  logMessage,
  type LoggingLevel,
  type MCPError,
  type MCPSession,
  ofMethod,
  type Progress,
  type Root,
  type SessionStatus,
  type Tool,
} from 'rx-mcp';
import { filter, map, merge, type Observable, pairwise } from 'rxjs';
import { z } from 'zod';

/** An event of any stream of a session. */
export type DemoFact =
  /** Any notification. Some notifications also lead to another fact. */
  | { type: 'notification'; method: string; params?: unknown }
  /** A request from the server. */
  | { type: 'request'; method: string }
  | { type: 'heartbeat'; count: unknown }
  /** The difference between the list of tools and the previous one. */
  | { type: 'tools'; added: string[]; removed: string[] }
  | { type: 'log'; level: LoggingLevel; data: unknown }
  /** The client's current roots. */
  | { type: 'roots'; uris: string[] }
  /** The roots that the server read. */
  | { type: 'roots-read'; uris: string[] }
  | ({ type: 'progress'; tool: string } & Omit<Progress, 'progressToken'>)
  | { type: 'result'; tool: string; text: string }
  | ({ type: 'status' } & SessionStatus)
  | { type: 'reconnected' }
  | ({ type: 'gap' } & Gap)
  | { type: 'error'; error: Error }
  /** A limitation of the server or of its protocol version, which is expected and not an error. */
  | { type: 'note'; text: string }
  /** Standard error of the server's process. */
  | { type: 'stderr'; text: string }
  /** The next step of the demo. */
  | { type: 'step'; text: string };

/** A fact with its time, in milliseconds since the epoch. */
export type DemoEvent = DemoFact & { at: number };

const heartbeat = z.object({ count: z.number() });
const rootsRead = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** Merges all streams of a session into one. Completes when the session is disconnected. */
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
    errors$.pipe(map(factOf)),

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
      // A refetched list may be unchanged.
      filter(({ added, removed }) => added.length + removed.length > 0),
      map(({ added, removed }): DemoFact => ({ type: 'tools', added: namesOf(added), removed: namesOf(removed) })),
    ),
  );
}

/** JSON-RPC's "method not found": the server, or its protocol version, lacks a capability. */
const methodNotFound = -32601;

/** Returns an error, or a note if the error reports an expected limitation. */
function factOf(error: MCPError): DemoFact {
  return error.name === 'ServerError' && error.code === methodNotFound
    ? { type: 'note', text: error.message }
    : { type: 'error', error };
}

const urisOf = (roots: readonly Root[]): string[] => roots.map(({ uri }) => uri);
const namesOf = (tools: readonly Tool[]): string[] => tools.map(({ name }) => name);
