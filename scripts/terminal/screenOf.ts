/** Text in one style. */
export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly colour: Colour | undefined;
}

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

const colours: readonly (Colour | undefined)[] = [
  undefined,
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  undefined,
];

type Style = Omit<Run, 'text'>;

const plain: Style = { bold: false, dim: false, colour: undefined };

/**
 * Returns the lines that a terminal shows after some output. Supports styles, carriage returns and erasing a line. Other control
 * sequences are ignored.
 */
export function screenOf(output: string): Run[][] {
  let style = plain;
  return output.split(/\r*\n/).map((line) => {
    let runs: Run[] = [];
    // eslint-disable-next-line no-control-regex -- a terminal's output consists of them
    for (const [, sequence, final, text] of line.matchAll(/\u001B\[([\d;?]*)([A-Za-z])|([^\u001B]+)/g)) {
      if (final === 'm') style = styled(style, sequence ?? '');
      else if (final === 'K') runs = [];
      else if (text !== undefined) {
        const parts = text.split('\r');
        // Text after a carriage return replaces the line.
        if (parts.length > 1) runs = [];
        const last = parts.at(-1) ?? '';
        if (last !== '') runs.push({ text: last, ...style });
      }
    }
    return runs;
  });
}

function styled(style: Style, sequence: string): Style {
  return sequence.split(';').reduce((before, code) => {
    const number = Number(code);
    if (number === 0) return plain;
    if (number === 1) return { ...before, bold: true };
    if (number === 2) return { ...before, dim: true };
    if (number === 22) return { ...before, bold: false, dim: false };
    if (number === 39) return { ...before, colour: undefined };
    const colour =
      (number >= 30 && number < 38) || (number >= 90 && number < 98) ? colours[number % 10] : before.colour;
    return { ...before, colour };
  }, style);
}
