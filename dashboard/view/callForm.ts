import { fromEvent, map, merge, switchMap } from 'rxjs';
import { sampleArguments } from '../model/sampleArguments';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';
import { presets } from './presets';

/** Makes calls on the selected server: of any tool with any arguments, or of a preset with one key. */
export function callForm({ sessions, chosen$, calls$, draft$ }: Board): void {
  const form = byId('call-form', HTMLFormElement);
  const select = byId('call-tool', HTMLSelectElement);
  const input = byId('call-args', HTMLInputElement);
  const problem = byId('call-error', HTMLElement);
  const tools$ = chosen$.pipe(switchMap((name) => sessions.get(name)!.tools$));

  function showMessage(message: string): void {
    problem.textContent = message;
    input.setAttribute('aria-invalid', String(message !== ''));
  }

  tools$.subscribe((tools) => {
    const before = select.value;
    select.replaceChildren(...tools.map(({ name }) => el('option', { value: name }, name)));
    if (tools.some(({ name }) => name === before)) select.value = before;
    else draft$.next({ tool: select.value, args: sampleArguments(tools[0]?.inputSchema ?? { type: 'object' }) });
  });
  const picked$ = tools$.pipe(
    switchMap((tools) =>
      fromEvent(select, 'change').pipe(
        map(() => {
          const tool = tools.find(({ name }) => name === select.value);
          return { tool: select.value, args: tool ? sampleArguments(tool.inputSchema) : {} };
        }),
      ),
    ),
  );
  merge(picked$, draft$).subscribe(({ tool, args }) => {
    select.value = tool;
    input.value = JSON.stringify(args);
    showMessage('');
  });

  fromEvent(form, 'submit').subscribe((event) => {
    event.preventDefault();
    const args = argumentsIn(input.value);
    showMessage(args ? '' : 'The arguments must be a JSON object, such as { "text": "hello" }');
    if (args) calls$.next({ server: chosen$.value, tool: select.value, args });
    else input.focus();
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-preset]')) {
    const preset = presets[button.dataset['preset'] ?? ''];
    if (preset) fromEvent(button, 'click').subscribe(() => calls$.next({ server: chosen$.value, ...preset }));
  }
}

function argumentsIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
