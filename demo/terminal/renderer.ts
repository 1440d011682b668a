import { jsonRenderer } from './jsonRenderer';
import { liveRenderer } from './liveRenderer';
import { plainRenderer } from './plainRenderer';
import type { Renderer } from './renderer';

/** Live on a terminal; where the output goes to a file or to another program, one line after the other. */
export function createRenderer(stream: NodeJS.WriteStream, json: boolean): Renderer {
  if (json) return jsonRenderer(stream);
  // A terminal that does not know its size can not be drawn on.
  const canMove = stream.isTTY && stream.columns > 0 && stream.rows > 0;
  return canMove ? liveRenderer(stream) : plainRenderer(stream);
}
