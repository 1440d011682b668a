import { concat, concatMap, EmptyError, from, lastValueFrom, mergeMap } from 'rxjs';
import { judge } from './judge';
import type { Outcome } from './outcome';
import { processGroup } from './processGroup';
import type { ProofCase } from './proofCase';

/** How the cases of a section are run. */
export interface SectionOptions {
  /** How many at the same time, but for those that are to be alone. Default 1. */
  atOnce?: number;
  /** Ends what the cases shared. */
  close?(): Promise<unknown>;
}

/** Seconds that a section may need to come to rest when its cases are done. */
const rest = 10;

/**
 * Runs the cases of a section in the section's own process, some at once, and tells the parent of each. A section in which
 * everything was closed ends by itself after that; what keeps it from ending is told as a failure.
 */
export async function runCases(
  section: string,
  cases: readonly ProofCase[],
  { atOnce = 1, close = () => Promise.resolve() }: SectionOptions = {},
): Promise<void> {
  const tell = (outcome: Outcome): boolean | undefined => process.send?.(outcome);
  process.on('disconnect', () => process.exit(1));
  // A case that failed leaves unmet what it was waiting for.
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof EmptyError)) throw reason;
  });
  const [alone, beside] = [cases.filter((each) => each.alone), cases.filter((each) => !each.alone)];
  const run = async (each: ProofCase) => tell(await judge(section, each));
  const told$ = concat(from(beside).pipe(mergeMap(run, atOnce)), from(alone).pipe(concatMap(run)));
  await lastValueFrom(told$, { defaultValue: undefined });
  await close();

  const name = 'ends by itself';
  for (const call of processGroup.leftOver())
    tell({ section, name, verdict: 'failed', detail: `left running: ${call}` });
  process.channel?.unref();
  setTimeout(() => {
    const detail = `still open: ${process.getActiveResourcesInfo().join(', ')}`;
    process.send?.({ section, name, verdict: 'failed', detail } satisfies Outcome, () => process.exit(1));
  }, rest * 1000).unref();
}
