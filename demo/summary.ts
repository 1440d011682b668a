/** What there was in all. */
export interface Summary {
  /** Notifications. */
  readonly received: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly reconnections: number;
  readonly gaps: number;
  readonly errors: number;
}
