import { calls, receive, route } from './messages.mjs';
import { commandLine, sizes } from './package.mjs';
import { serving, sessions } from './sessions.mjs';

/** Every row, by the name that `npm run bench -- NAME` takes, in the order in which they run. */
export const rows = { ...receive, ...route, ...calls, ...sessions, ...serving, ...sizes, ...commandLine };
