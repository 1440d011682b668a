import { BehaviorSubject } from 'rxjs';

/** The state of the server, which its sessions share. */
export interface World {
  /** The names of the tools, prompts and resources that were added while the server runs. */
  readonly tools$: BehaviorSubject<readonly string[]>;
  readonly prompts$: BehaviorSubject<readonly string[]>;
  readonly resources$: BehaviorSubject<readonly string[]>;
  /** Returns the number of changes of a resource, then each new number. */
  revisions(uri: string): BehaviorSubject<number>;
}

/** Creates the initial state. */
export function createWorld(): World {
  const revisions = new Map<string, BehaviorSubject<number>>();
  return {
    tools$: new BehaviorSubject<readonly string[]>([]),
    prompts$: new BehaviorSubject<readonly string[]>([]),
    resources$: new BehaviorSubject<readonly string[]>([]),
    revisions(uri) {
      const known = revisions.get(uri) ?? new BehaviorSubject(0);
      revisions.set(uri, known);
      return known;
    },
  };
}

/** Adds a name, or removes it. Returns whether the name is in the list afterwards. */
export function toggle(names$: BehaviorSubject<readonly string[]>, name: string): boolean {
  const names = names$.value.filter((each) => each !== name);
  const isAdded = names.length === names$.value.length;
  names$.next(isAdded ? [...names, name] : names);
  return isAdded;
}
