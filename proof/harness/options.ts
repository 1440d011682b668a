const args = process.argv.slice(2);

/** Whether to skip slow sections and cases. */
export const isQuick = args.includes('--quick');

/** Whether to use the built package instead of its sources. */
export const isDist = args.includes('--dist');

/** File to write the counts to: `--counts=FILE`. */
export const countsFile = args.find((argument) => argument.startsWith('--counts='))?.slice('--counts='.length);

/** Sections to run; all if empty. */
export const names = args.filter((argument) => !argument.startsWith('--'));
