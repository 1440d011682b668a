import type { DemoEvent } from '../demo/demoEvent';
import type { Summary } from '../demo/summary';

/** Shows events to people, or to programs. */
export interface Renderer {
  show(event: DemoEvent): void;
  /** The last thing that is shown. */
  end(summary: Summary): void;
}
