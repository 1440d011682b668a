const args = process.argv.slice(2);

/** Whether only what is quick is to be proved. */
export const isQuick = args.includes('--quick');

/** Whether the built package is to be proved, and not its sources. */
export const isDist = args.includes('--dist');

/** A file for the counts, if they are wanted in one: `--counts=FILE`. */
export const countsFile = args.find((argument) => argument.startsWith('--counts='))?.slice('--counts='.length);

/** The sections that are to be run; none for all. */
export const names = args.filter((argument) => !argument.startsWith('--'));
