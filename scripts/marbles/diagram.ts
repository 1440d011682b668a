/** A marble diagram. */
export interface Diagram {
  /** A sentence that describes what the diagram shows. */
  readonly title: string;
  readonly rows: readonly DiagramRow[];
  /** The text in a marble, by its letter. Default: the letter. */
  readonly names: ReadonlyMap<string, string>;
}

/** A stream of a diagram. */
export interface DiagramRow {
  /** The name of the stream, or the operator that creates it from the first stream. */
  readonly label: string;
  readonly isOperator: boolean;
  /** Marbles as for RxJS's `TestScheduler`. In addition, `.` is a time without a stream, and `x` is an event. */
  readonly marbles: string;
}
