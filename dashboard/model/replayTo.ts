import { map, type OperatorFunction, pipe, scan } from 'rxjs';

/** The steps to replay after a change of the position. */
export interface Replayed<S> {
  /** Whether the replay starts from the beginning because the position moved back. */
  readonly rewound: boolean;
  /** The steps since the previous position, or from the beginning. */
  readonly steps: readonly S[];
}

/**
 * For each time that the source emits, emits the steps to replay: the steps since the previous time, or all steps from the
 * beginning if the time is earlier.
 *
 * @param steps - the steps, ordered by time.
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

/** Returns the number of steps up to and including a time, by binary search. */
function indexAfter(steps: readonly { readonly t: number }[], time: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.t ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
