/** A marble diagram. */
export interface Diagram {
  /** What it shows, in a sentence. */
  readonly title: string;
  readonly rows: readonly DiagramRow[];
  /** What stands in a marble, by its letter; without a name it is the letter. */
  readonly names: ReadonlyMap<string, string>;
}

/** A stream of a diagram. */
export interface DiagramRow {
  /** The name of the stream, or the operator that makes it of the first one. */
  readonly label: string;
  readonly isOperator: boolean;
  /** As for RxJS's `TestScheduler`; beside that, `.` is a time when there is no stream, and `x` a moment. */
  readonly marbles: string;
}
