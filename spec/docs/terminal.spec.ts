import { existsSync, readFileSync } from 'node:fs';
import { drawTerminal } from '../../scripts/terminal/drawTerminal';
import { screenOf } from '../../scripts/terminal/screenOf';

const plain = { bold: false, dim: false, colour: undefined };

describe('the picture of a terminal', () => {
  it('shows styles until they are reset', () => {
    expect(screenOf('a \u001B[1mb\u001B[22m \u001B[36mc\u001B[39m\r\n\u001B[2;31md\u001B[0me')).toEqual([
      [
        { text: 'a ', ...plain },
        { text: 'b', ...plain, bold: true },
        { text: ' ', ...plain },
        { text: 'c', ...plain, colour: 'cyan' },
      ],
      [
        { text: 'd', ...plain, dim: true, colour: 'red' },
        { text: 'e', ...plain },
      ],
    ]);
  });

  it('shows text that is written over an erased line', () => {
    expect(screenOf('1/3\r\u001B[2K2/3\r\u001B[2Kdone\r\n')[0]).toEqual([{ text: 'done', ...plain }]);
  });

  it('is an SVG with selectable text in columns', () => {
    const svg = drawTerminal(screenOf('ab \u001B[32m<b>&\u001B[39m\r\n'), 20, 'a "title"');

    expect(svg).toContain('<title>a &quot;title&quot;</title>');
    expect(svg).toMatch(/<text x="43\.2" y="49" textLength="33\.6"[^>]*>&lt;b>&amp;<\/text>/);
  });

  it('is in the README, and shows a reconnection', () => {
    const [, path] = /\]\((docs\/images\/watch\.svg)\)/.exec(readFileSync('README.md', 'utf8')) ?? [];

    expect(existsSync(path ?? '')).toBe(true);
    const svg = readFileSync(path ?? '', 'utf8');
    for (const text of ['npx rx-mcp watch', 'reconnecting, attempt 1', 'connected again', 'gap of']) {
      expect(svg).toContain(text);
    }
  });
});
