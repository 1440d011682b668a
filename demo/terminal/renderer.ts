import type { DemoEvent } from '../demoEvent';
import type { Summary } from '../summary';

/** Shows events to people, or to programs. */
export interface Renderer {
  show(event: DemoEvent): void;
  /** The last thing that is shown. */
  end(summary: Summary): void;
}
