const args = process.argv.slice(2);

/** Whether only what is quick is to be proved. */
export const isQuick = args.includes('--quick');

/** Whether the built package is to be proved, and not its sources. */
export const isDist = args.includes('--dist');

/** The sections that are to be run; none for all. */
export const names = args.filter((argument) => !argument.startsWith('--'));
