import type * as vscode from 'vscode';

// The part of the VS Code API that the extension uses: the module `vscode` exists only in the editor. The tests simulate nothing else.
type Folder = Pick<vscode.WorkspaceFolder, 'uri' | 'name'>;

const changes = new Set<() => void>();
const registered = new Map<string, () => unknown>();

/** The state of the simulated editor. */
export const editor = {
  settings: new Map<string, unknown>(),
  /** What `progress.report` received. */
  reports: [] as { message?: string; increment?: number }[],
  errors: [] as string[],
  /** Presses the cancel button. */
  cancel: () => {},
  run: (command: string) => registered.get(command)?.(),
  openFolder(path: string, name: string, scheme = 'file'): void {
    const uri = { scheme, toString: () => `${scheme}://${path}` } as vscode.Uri;
    workspace.workspaceFolders = [...workspace.workspaceFolders, { uri, name }];
    for (const changed of changes) changed();
  },
};

export const workspace = {
  workspaceFolders: [] as readonly Folder[],
  getConfiguration: (section: string) => ({
    get: (key: string, byDefault: unknown) => editor.settings.get(`${section}.${key}`) ?? byDefault,
  }),
  onDidChangeWorkspaceFolders(listener: () => void) {
    changes.add(listener);
    return { dispose: () => changes.delete(listener) };
  },
};

export const commands = {
  registerCommand(name: string, command: () => unknown) {
    registered.set(name, command);
    return { dispose: () => registered.delete(name) };
  },
};

export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };

export const window = {
  withProgress(
    _options: vscode.ProgressOptions,
    task: (progress: { report(value: (typeof editor.reports)[number]): void }, token: object) => Thenable<unknown>,
  ): Thenable<unknown> {
    const token = {
      onCancellationRequested(listener: () => void) {
        editor.cancel = listener;
        return { dispose: () => (editor.cancel = () => {}) };
      },
    };
    return task({ report: (value) => editor.reports.push(value) }, token);
  },
  async showErrorMessage(message: string): Promise<void> {
    editor.errors.push(message);
  },
};
