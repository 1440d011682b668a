import type { DemoEvent } from '../demoEvent';
import { bar } from './bar';
import type { Colors } from './colors';
import { describeError } from './describeError';
import { oneLine } from './oneLine';
import { statusText } from './statusText';

/** Notifications that are shown by what follows from them. */
const shownOtherwise = new Set([
  'custom/heartbeat',
  'custom/roots-read',
  'notifications/message',
  'notifications/progress',
  'notifications/tools/list_changed',
]);

/** An event as a line of text; some have none. */
export function lineOf(event: DemoEvent, colors: Colors): string | undefined {
  const text = textOf(event, colors);
  if (text === undefined) return undefined;
  if (event.type === 'step') return `\n${text}`;
  return `${colors.dim(new Date(event.at).toTimeString().slice(0, 8))}  ${text}`;
}

function textOf(event: DemoEvent, colors: Colors): string | undefined {
  const { bold, cyan, dim, green, magenta, red, yellow } = colors;
  switch (event.type) {
    case 'step':
      return bold(event.text);
    case 'notification':
      if (shownOtherwise.has(event.method)) return undefined;
      return `${cyan('→')} ${oneLine(event.method)} ${dim(event.params ? oneLine(JSON.stringify(event.params)) : '')}`;
    case 'request':
      return `${cyan('?')} the server asks for ${oneLine(event.method)}`;
    case 'heartbeat':
      return `${red('♥')} heartbeat ${String(event.count)}`;
    case 'tools': {
      const changes = [
        ...event.added.map((name) => green(`+${name}`)),
        ...event.removed.map((name) => red(`-${name}`)),
      ];
      return `${magenta('⚒')} tools ${changes.slice(0, 4).join(' ')}${changes.length > 4 ? ' …' : ''}`;
    }
    case 'log':
      return `${yellow('✎')} ${event.level}: ${oneLine(typeof event.data === 'string' ? event.data : JSON.stringify(event.data))}`;
    case 'roots':
      return `${cyan('⌂')} the client's roots are ${event.uris.join(', ')}`;
    case 'roots-read':
      return `${cyan('⌂')} the server has read ${event.uris.join(', ')}`;
    case 'progress':
      return `${cyan('…')} ${event.tool} ${bar(event)}`;
    case 'result':
      return `${green('✔')} ${event.tool}: ${oneLine(event.text)}`;
    case 'status':
      return event.state === 'idle' ? undefined : statusText(event, colors);
    case 'reconnected':
      return green('● reconnected');
    case 'gap':
      return yellow(`⚠ gap of ${event.until - event.since} ms: notifications may have been missed`);
    case 'error':
      return `${red('✖')} ${describeError(event.error)}`;
    case 'stderr':
      return dim(`stderr: ${oneLine(event.text)}`);
  }
}
