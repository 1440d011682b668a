import { bar } from './bar';
import type { Colors } from './colors';
import type { Footer } from './footer';
import { statusText } from './statusText';

/** The moving line, as text. */
export function footerLine({ status, heartbeats, received, work }: Footer, colors: Colors): string {
  const parts = [statusText(status, colors), `${colors.red('♥')} ${heartbeats}`, `${received} received`];
  if (work) parts.push(`${work.tool} ${colors.cyan(bar(work))}`);
  return parts.join('   ');
}
