import type { SessionStatus } from 'rx-mcp';
import type { DemoEvent } from '../facts';
import type { Summary } from '../summary';
import { type Colors, describeError, oneLine } from './text';

/** Notifications that are shown as a different fact. */
const shownOtherwise = new Set([
  'custom/heartbeat',
  'custom/roots-read',
  'notifications/message',
  'notifications/progress',
  'notifications/tools/list_changed',
]);

/** Formats an event as a line. Returns `undefined` for an event that is not shown. */
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
      return `${cyan('→')} ${oneLine(event.method)} ${membersOf(event.params)}`.trimEnd();
    case 'request':
      return `${cyan('?')} the server requests ${oneLine(event.method)}`;
    case 'heartbeat':
      return `${red('♥')} heartbeat ${String(event.count)}`;
    case 'tools': {
      const changes = [
        ...event.added.map((name) => green(`+${oneLine(name)}`)),
        ...event.removed.map((name) => red(`-${oneLine(name)}`)),
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
    case 'note':
      return dim(`i note: ${oneLine(event.text)}`);
    case 'stderr':
      return dim(`stderr: ${oneLine(event.text)}`);
  }
}

/** Formats the params of a notification as `name: value`, without the braces and quotes of JSON. */
function membersOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  const members = Object.entries(params).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return oneLine(members.join(', '));
}

/** Formats the status of a session. */
export function statusText(status: SessionStatus, colors: Colors): string {
  switch (status.state) {
    case 'connected':
      return status.listening ? colors.green('● connected') : colors.yellow('● connected, but not listening');
    case 'reconnecting': {
      const when = `attempt ${status.attempt} in ${Math.round(status.delay)} ms`;
      return `${colors.yellow('● reconnecting')} ${colors.dim(when)}`;
    }
    default:
      return colors.dim(`● ${status.state}`);
  }
}

const barWidth = 24;

/** Formats progress: a bar if the total is known, otherwise the number. */
export function bar({ progress, total }: { progress: number; total?: number }): string {
  if (total === undefined || total <= 0) return String(progress);
  const done = Math.round(barWidth * Math.min(1, Math.max(0, progress / total)));
  return `${'█'.repeat(done)}${'░'.repeat(barWidth - done)} ${progress} of ${total}`;
}

/** Formats the summary as lines. Returns no lines for an empty summary. */
export function summaryLines(summary: Summary, { bold, dim }: Colors): string[] {
  const { received, byMethod, reconnections, gaps, errors } = summary;
  if (received + reconnections + gaps + errors === 0) return [];
  const total = [
    many(received, 'notification'),
    many(reconnections, 'reconnection'),
    many(gaps, 'gap'),
    many(errors, 'error'),
  ];
  const methods = Object.entries(byMethod).sort(([, one], [, other]) => other - one);
  return [
    '',
    bold(total.join(', ')),
    ...methods.map(([method, times]) => dim(`${String(times).padStart(6)}  ${oneLine(method)}`)),
  ];
}

const many = (times: number, what: string): string => `${times} ${what}${times === 1 ? '' : 's'}`;
