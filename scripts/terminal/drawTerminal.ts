import type { Colour, Run } from './screenOf';

/** In pixels. Each text is stretched to its columns, so that the picture looks the same with any monospace font. */
const [columnWidth, lineHeight, margin, titleHeight] = [8.4, 20, 18, 34];

const colours: Record<Colour, string> = {
  red: '#ff7b72',
  green: '#7ee787',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
};

/** Draws the lines of a terminal as an SVG. */
export function drawTerminal(lines: readonly (readonly Run[])[], columns: number, title: string): string {
  const used = lines.filter((runs) => runs.length > 0);
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = titleHeight + used.length * lineHeight + margin;
  const texts = used.flatMap((runs, row) => drawLine(runs, titleHeight + row * lineHeight + 15));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
  <title>${escaped(title)}</title>
  <style>
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #e6edf3; white-space: pre }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#0d1117" stroke="#30363d"/>
  <g fill="#484f58"><circle cx="22" cy="18" r="5"/><circle cx="40" cy="18" r="5"/><circle cx="58" cy="18" r="5"/></g>
${texts.map((text) => `  ${text}\n`).join('')}</svg>
`;
}

function drawLine(runs: readonly Run[], y: number): string[] {
  let column = 0;
  return runs.flatMap(({ text, bold, dim, colour }) => {
    const length = Array.from(text).length;
    const x = margin + column * columnWidth;
    column += length;
    if (text.trim() === '') return [];
    const weight = bold ? ' font-weight="bold"' : '';
    const opacity = dim ? ' opacity="0.6"' : '';
    const stretched = `textLength="${(length * columnWidth).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
    const style = colour ? ` style="fill:${colours[colour]}"` : '';
    return [
      `<text x="${x.toFixed(1)}" y="${y}" ${stretched}${style}${weight}${opacity} xml:space="preserve">${escaped(text)}</text>`,
    ];
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
