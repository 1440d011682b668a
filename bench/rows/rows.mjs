import { calls } from './calls.mjs';
import { commandLine } from './commandLine.mjs';
import { receive } from './receive.mjs';
import { route } from './route.mjs';
import { serving } from './serving.mjs';
import { sessions } from './sessions.mjs';
import { sizes } from './sizes.mjs';

/** Every row, by the name that `npm run bench -- NAME` takes, in the order in which they run. */
export const rows = { ...receive, ...route, ...calls, ...sessions, ...serving, ...sizes, ...commandLine };
