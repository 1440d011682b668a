import { fileURLToPath } from 'node:url';

/** The directory of the project. */
export const rootDir = fileURLToPath(new URL('../..', import.meta.url));
