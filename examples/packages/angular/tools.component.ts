import { Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { catchError, map, of, Subject, switchMap } from 'rxjs';
import { MCP_SESSION } from './provideMcp';

@Component({
  selector: 'app-tools',
  template: `
    <p>{{ status().state }}</p>
    <ul>
      @for (tool of tools(); track tool.name) {
        <li [title]="tool.description">{{ tool.name }}</li>
      }
    </ul>
    <button (click)="clicks$.next()">build</button>
    <output>{{ output() }}</output>
  `,
})
export class ToolsComponent {
  private readonly session = inject(MCP_SESSION);

  readonly status = toSignal(this.session.status$, { requireSync: true });
  readonly tools = toSignal(this.session.tools$, { initialValue: [] });

  /** Calls a tool on each click. The next click cancels the previous call, and so does destroying the component. */
  readonly clicks$ = new Subject<void>();
  readonly output = toSignal(
    this.clicks$.pipe(
      switchMap(() =>
        this.session.callTool$('build').pipe(
          map((event) => (event.kind === 'progress' ? `${event.progress} of ${event.total}` : event.kind)),
          catchError(({ message }: Error) => of(message)),
        ),
      ),
    ),
    { initialValue: '' },
  );
}
