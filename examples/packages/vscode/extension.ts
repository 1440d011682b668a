import { HttpConnector, MCPSession, type Session } from 'rx-mcp';
import { catchError, EMPTY, fromEventPattern, lastValueFrom, map, startWith, takeUntil, tap } from 'rxjs';
import * as vscode from 'vscode';

/** Called by VS Code. The session ends when the extension is deactivated. */
export function activate(context: vscode.ExtensionContext): void {
  const url = vscode.workspace.getConfiguration('rxMcp').get('url', 'http://127.0.0.1:3000/mcp');
  const session = new MCPSession(new HttpConnector(url));
  folders$().subscribe(session.roots$);
  session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
  context.subscriptions.push(
    { dispose: () => void session.disconnect() },
    vscode.commands.registerCommand('rxMcp.build', () => build(session)),
  );
}

/** Calls a tool with a progress bar in a notification. Its cancel button cancels the call on the server. */
function build(session: Session): Thenable<unknown> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Building', cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    let done = 0;
    const cancelled$ = fromEventPattern(
      (handler) => token.onCancellationRequested(handler),
      (_, registration: vscode.Disposable) => registration.dispose(),
    );
    const events$ = session.callTool$('build').pipe(
      takeUntil(cancelled$),
      tap((event) => {
        if (event.kind === 'result' && event.result.isError) showError(JSON.stringify(event.result.content));
        if (event.kind !== 'progress') return;
        // VS Code adds up the increments, in percent.
        const percent = (100 * event.progress) / (event.total ?? Infinity);
        progress.report({ increment: percent - done, message: event.message });
        done = percent;
      }),
      catchError(({ message }: Error) => {
        showError(message);
        return EMPTY;
      }),
    );
    return lastValueFrom(events$, { defaultValue: undefined });
  });
}

function showError(message: string): void {
  void vscode.window.showErrorMessage(message);
}

/** Emits the local folders of the window as roots, then again after each change. */
const folders$ = () =>
  fromEventPattern<unknown>(
    (handler) => vscode.workspace.onDidChangeWorkspaceFolders(handler),
    (_, registration: vscode.Disposable) => registration.dispose(),
  ).pipe(
    startWith(undefined),
    map(() => vscode.workspace.workspaceFolders ?? []),
    map((folders) => folders.filter(({ uri }) => uri.scheme === 'file')),
    map((folders) => folders.map(({ uri, name }) => ({ uri: uri.toString(), name }))),
  );
