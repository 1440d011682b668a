import type { Diagram, DiagramRow } from './diagram';
import { momentsOf, type Moment } from './momentsOf';

/** The width of a frame in pixels. */
const frameWidth = 26;
const margin = 20;
const radius = 12;

const otherColour = '#5a6270';
/** Colours with enough contrast for white letters and against a dark background. */
const colours = ['#2563a8', '#b4492a', '#2e7d46', '#7b4aa0', '#8a6300', '#a0345f', '#1f7a7a', otherColour];

/** The diagram has its own background, so that it is readable on light and dark pages. */
const style = `
    .ground { fill: #f6f8fa; stroke: #d0d7de }
    .line, .mark { stroke: #57606a; stroke-width: 1.5; fill: none }
    .end { stroke: #57606a; stroke-width: 2.5; fill: none }
    .error { stroke: #cf222e; stroke-width: 2.5; fill: none }
    .moment, .arrow { fill: #57606a }
    .band { fill: #ffffff; stroke: #8c959f }
    .label { fill: #1f2328 }
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace }
    .name { font-size: 11.5px; fill: #ffffff; text-anchor: middle }
    .operator { text-anchor: middle }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #161b22; stroke: #30363d }
      .line, .mark, .end { stroke: #9198a1 }
      .error { stroke: #ff7b72 }
      .moment, .arrow { fill: #9198a1 }
      .band { fill: #21262d; stroke: #6e7681 }
      .label { fill: #e6edf3 }
    }
  `;

/** Draws a diagram as an SVG. The description of the SVG contains the notation. */
export function drawDiagram({ title, rows, names }: Diagram): string {
  const frames = Math.max(...rows.map(({ marbles }) => marbles.length));
  const labels = Math.max(...rows.map(({ label }) => label.length * 7.9 + 24));
  const width = Math.ceil(Math.max(frames * frameWidth + 14, labels) + 2 * margin);
  const values = rows.flatMap(({ marbles }) => momentsOf(marbles)).filter(({ kind }) => kind === 'value');
  // The result of an operator for `a` is `A`.
  const letters = [...new Set(values.map(({ letter }) => letter.toLowerCase()))];
  const look: Look = {
    width,
    nameOf: (letter) => names.get(letter) ?? letter,
    colourOf: (letter) => colours[letters.indexOf(letter.toLowerCase()) % colours.length] ?? otherColour,
  };

  const drawn: string[] = [];
  let y = margin;
  for (const row of rows) {
    drawn.push(`  <g transform="translate(0 ${y})">`, ...rowOf(row, look), '  </g>');
    y += heightOf(row);
  }
  const height = y + margin - 8;
  const longest = Math.max(...rows.map(({ label, isOperator }) => label.length + (isOperator ? 2 : 0)));
  const description = rows
    .map(({ label, marbles, isOperator }) => `${`${isOperator ? '> ' : ''}${label}`.padEnd(longest + 2)}${marbles}`)
    .join('\n');

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `  <title>${escaped(title)}</title>`,
    `  <desc>${escaped(description)}</desc>`,
    `  <style>${style}</style>`,
    `  <rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

interface Look {
  readonly width: number;
  nameOf(letter: string): string;
  colourOf(letter: string): string;
}

function heightOf({ isOperator }: DiagramRow): number {
  return isOperator ? 82 : 62;
}

function rowOf({ label, marbles, isOperator }: DiagramRow, look: Look): string[] {
  const middle = isOperator ? 56 : 38;
  const heading = isOperator
    ? [
        `    <rect class="band" x="${margin}" y="0" width="${look.width - 2 * margin}" height="28" rx="4"/>`,
        `    <text class="label operator" x="${look.width / 2}" y="18.5">${escaped(label)}</text>`,
      ]
    : [`    <text class="label" x="${margin}" y="13">${escaped(label)}</text>`];
  return [...heading, `    <g transform="translate(${margin} ${middle})">`, ...lineOf(marbles, look), '    </g>'];
}

function lineOf(marbles: string, look: Look): string[] {
  const moments = momentsOf(marbles);
  const end = moments.find(({ kind }) => kind === 'complete' || kind === 'error' || kind === 'unsubscribe');
  const last = [...moments].reverse().find(({ frame, kind }) => frame === end?.frame && kind === 'value');
  const left = marbles.search(/[^.]/) * frameWidth;
  // A stream that completes with its last value shows both.
  const right = end ? centreOf(end) + (last ? halfOf(last, look) + 6 : 0) : look.width - 2 * margin;
  return [
    `      <path class="line" d="M${left} 0H${right}"/>`,
    end ? endOf(end, right) : `      <path class="arrow" d="M${right} 0l-8 -4v8z"/>`,
    ...moments.filter((moment) => moment !== end).map((moment) => marbleOf(moment, look)),
  ];
}

function centreOf({ frame }: Moment): number {
  return (frame + 0.5) * frameWidth;
}

function halfOf({ letter }: Moment, { nameOf }: Look): number {
  return Math.max(radius, (nameOf(letter).length * 7 + 10) / 2);
}

function endOf({ kind }: Moment, x: number): string {
  if (kind === 'complete') return `      <path class="end" d="M${x} -14V14"/>`;
  if (kind === 'error') return `      <path class="error" d="M${x - 8} -8l16 16m0 -16l-16 16"/>`;
  return `      <path class="mark" d="M${x - 5} -5l10 10m0 -10l-10 10"/>`;
}

function marbleOf(moment: Moment, look: Look): string {
  const x = centreOf(moment);
  if (moment.kind === 'moment') return `      <circle class="moment" cx="${x}" cy="0" r="5"/>`;
  const half = halfOf(moment, look);
  const at = `x="${x - half}" y="${-radius}" width="${2 * half}" height="${2 * radius}" rx="${radius}"`;
  return [
    `      <rect ${at} fill="${look.colourOf(moment.letter)}"/>`,
    `      <text class="name" x="${x}" y="4">${escaped(look.nameOf(moment.letter))}</text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
