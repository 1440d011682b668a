import { concat, concatMap, EmptyError, from, lastValueFrom, mergeMap } from 'rxjs';
import { isQuick } from './environment';
import { runCase, type Outcome, type ProofCase } from './proofCase';
import { processGroup } from './processes';

/** Cases that share a server, and run one after the other. */
export interface CaseGroup {
  readonly cases: readonly ProofCase[];
  /** Closes the server that the cases share. */
  close(): Promise<unknown>;
}

/** Options for {@link runCases}. */
export interface SectionOptions {
  /** Cases or groups that run at the same time, except `alone` ones. Default 1. */
  atOnce?: number;
  /** Closes servers that the cases share. */
  close?(): Promise<unknown>;
}

/** The number of seconds within which a section's process must exit after its last case. */
const exitSeconds = 10;

/**
 * Runs the cases of a section in the section's own process, and sends each outcome to the parent. The process must exit once
 * everything is closed. Anything that keeps it running is reported as a failure.
 */
export async function runCases(
  section: string,
  cases: readonly (ProofCase | CaseGroup)[],
  { atOnce = 1, close = () => Promise.resolve() }: SectionOptions = {},
): Promise<void> {
  const send = (outcome: Outcome): boolean | undefined => process.send?.(outcome);
  process.on('disconnect', () => process.exit(1));
  // A failed case leaves promises pending, which reject when its session completes.
  process.on('unhandledRejection', (reason) => {
    if (!(reason instanceof EmptyError)) throw reason;
  });
  const isAlone = (each: ProofCase | CaseGroup): boolean => 'alone' in each && each.alone === true;
  const chosen = cases.filter((each) => !(isQuick && 'slow' in each && each.slow));
  const run = async (each: ProofCase | CaseGroup): Promise<void> => {
    if (!('cases' in each)) return void send(await runCase(section, each));
    for (const one of each.cases) send(await runCase(section, one));
    await each.close();
  };
  const beside = chosen.filter((each) => !isAlone(each));
  const sent$ = concat(from(beside).pipe(mergeMap(run, atOnce)), from(chosen.filter(isAlone)).pipe(concatMap(run)));
  await lastValueFrom(sent$, { defaultValue: undefined });
  await close();

  const name = 'ends cleanly';
  for (const call of processGroup.leftOver())
    send({ section, name, verdict: 'failed', detail: `left running: ${call}` });
  process.channel?.unref();
  setTimeout(() => {
    const detail = `still open: ${process.getActiveResourcesInfo().join(', ')}`;
    process.send?.({ section, name, verdict: 'failed', detail } satisfies Outcome, () => process.exit(1));
  }, exitSeconds * 1000).unref();
}
