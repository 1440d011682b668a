// Code that the servers share: their port, a resource that changes, and calls that wait for a cancellation.
import { setTimeout } from 'node:timers/promises';

/** The port to listen on; 0 for a free one. */
export const port = Number(process.env.PORT ?? 0);

export const info = { name: 'proof', version: '1.0.0' };
export const uri = 'memo://note';
export const total = 3;

/** The steps of a slow tool. */
export async function* steps() {
  for (let progress = 1; progress <= total; progress++) {
    yield progress;
    await setTimeout(20);
  }
}

let revision = 0;
/** The text of the resource. */
export const note = () => `revision ${revision}`;
/** Changes the resource. */
export const touch = () => void revision++;

/** Returns a name for each tool that is added at run time. */
export const extraName = () => `extra-${++added}`;
let added = 0;

const counts = { started: 0, cancelled: 0 };
/** Waits until a call is cancelled, and counts it. */
export function wait(signal) {
  counts.started++;
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      counts.cancelled++;
      reject(new Error('cancelled'));
    });
  });
}
/** Returns the numbers of calls that have started to wait and that were cancelled, as JSON. */
export const waiting = () => JSON.stringify(counts);

/** Creates a tool result with one text. */
export const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });

/** The form that servers ask the user to fill in, as JSON Schema. */
export const form = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
