import type { Diagram, DiagramRow } from './diagram';

/**
 * Parses a diagram: its title, then one stream per line, then the texts of its marbles.
 *
 * ```text
 * Log messages of a level and above
 *
 * notifications$            --d--e--i--w--|
 * > logMessage('warning')   -----e-----w--|
 *
 * d: debug
 * ```
 */
export function readDiagram(text: string): Diagram {
  const [title = '', ...lines] = text.split('\n').map((line) => line.trimEnd());
  const rows: DiagramRow[] = [];
  const names = new Map<string, string>();
  for (const line of lines.filter((line) => line !== '')) {
    const [, letter, name] = /^(\w): (.+)$/.exec(line) ?? [];
    const [, angle, label, marbles] = /^(> )?(\S.*?) {2,}([-\w.()|#!]+)$/.exec(line) ?? [];
    if (letter !== undefined && name !== undefined) names.set(letter, name);
    else if (label !== undefined && marbles !== undefined)
      rows.push({ label, marbles, isOperator: angle !== undefined });
    else throw new Error(`reading the diagram: neither a stream nor the name of a marble (${line})`);
  }
  if (title === '' || rows.length === 0) throw new Error('reading the diagram: expected a title and streams');
  return { title, rows, names };
}
