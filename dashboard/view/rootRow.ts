import type { Root } from 'rx-mcp';
import { el } from './el';

/** A root in the editor. */
export interface RootRow {
  readonly element: HTMLElement;
  value(): Root;
  /** Shows errors next to their fields. */
  report(problems: { uri?: string; name?: string }): void;
  focus(): void;
}

let count = 0;

/** Creates two fields and a button. A change is applied on Enter, or when its field loses the focus. */
export function rootRow(root: Root, on: { changed(): void; removed(): void }): RootRow {
  const id = `root-${(count += 1)}`;
  const field = (name: 'uri' | 'name', label: string, value: string) => {
    const problem = el('p', { class: 'field-error', id: `${id}-${name}-error` });
    const input = el('input', {
      type: 'text',
      class: name === 'uri' ? 'mono' : '',
      'aria-label': label,
      'aria-describedby': problem.id,
      placeholder: label,
      spellcheck: 'false',
      autocomplete: 'off',
    });
    input.value = value;
    input.addEventListener('change', () => on.changed());
    return { input, problem };
  };
  const uri = field('uri', 'URI of the root', root.uri);
  const name = field('name', 'Name', root.name ?? '');
  const remove = el('button', { type: 'button', class: 'quiet icon', 'aria-label': 'Remove this root' }, '×');
  remove.addEventListener('click', () => on.removed());

  const report = ({ input, problem }: typeof uri, message: string | undefined): void => {
    input.setAttribute('aria-invalid', String(message !== undefined));
    problem.textContent = message ?? '';
  };
  return {
    element: el('li', { class: 'root' }, uri.input, uri.problem, name.input, remove, name.problem),
    value: () => ({ uri: uri.input.value, ...(name.input.value === '' ? {} : { name: name.input.value }) }),
    report: (problems) => {
      report(uri, problems.uri);
      report(name, problems.name);
    },
    focus: () => {
      uri.input.focus();
      uri.input.select();
    },
  };
}
