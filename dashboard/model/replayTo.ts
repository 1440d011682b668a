import { map, type OperatorFunction, pipe, scan } from 'rxjs';

/** What a move to another time replays. */
export interface Replayed<S> {
  /** Whether the replay starts from the beginning, because time moved back. */
  readonly rewound: boolean;
  /** The steps since the previous position, or from the beginning. */
  readonly steps: readonly S[];
}

/**
 * Replays steps up to each time that the source emits: those in between when time moves forward, all from the beginning when it
 * moves back.
 *
 * @param steps - in the order of their times.
 */
export function replayTo<S extends { readonly t: number }>(steps: readonly S[]): OperatorFunction<number, Replayed<S>> {
  return pipe(
    scan(
      ({ time, until }, to: number) => {
        const rewound = to < time;
        return { time: to, rewound, from: rewound ? 0 : until, until: indexAfter(steps, to) };
      },
      { time: 0, rewound: false, from: 0, until: 0 },
    ),
    map(({ rewound, from, until }) => ({ rewound, steps: steps.slice(from, until) })),
  );
}

/** The number of steps that are not later than a time, found by halving. */
function indexAfter(steps: readonly { readonly t: number }[], time: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.t ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
