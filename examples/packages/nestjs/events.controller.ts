import { Controller, Inject, type MessageEvent, Sse } from '@nestjs/common';
import type { Session } from 'rx-mcp';
import { catchError, map, merge, type Observable, of } from 'rxjs';
import { MCP_SESSION } from './mcp.module';

@Controller()
export class EventsController {
  constructor(@Inject(MCP_SESSION) private readonly session: Session) {}

  /** Sends the server's notifications, and the periods in which some may be missing. */
  @Sse('events')
  events(): Observable<MessageEvent> {
    const notifications$ = this.session.notifications$.pipe(map((data) => ({ type: 'notification', data })));
    const gaps$ = this.session.gaps$.pipe(map(({ since, until }) => ({ type: 'gap', data: { since, until } })));
    return merge(notifications$, gaps$);
  }

  /** Sends the current tools, then the list after each change. */
  @Sse('tools')
  tools(): Observable<MessageEvent> {
    return this.session.tools$.pipe(map((tools) => ({ data: tools.map(({ name }) => name) })));
  }

  /** Calls a tool and sends its progress, then the result. The call is cancelled when the client disconnects. */
  @Sse('build')
  build(): Observable<MessageEvent> {
    return this.session.callTool$('build').pipe(
      map((event) => ({ type: event.kind, data: event })),
      catchError(({ name, message }: Error) => of({ type: 'failed', data: { name, message } })),
    );
  }
}
