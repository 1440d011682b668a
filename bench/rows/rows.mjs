import { calls, receive, route } from './messages.mjs';
import { commandLine, sizes, testKit } from './package.mjs';
import { serving, sessions } from './sessions.mjs';

export { serving };

/** Every row, by the name that `npm run bench -- NAME` accepts, in execution order. */
export const rows = { ...receive, ...route, ...calls, ...sessions, ...serving, ...sizes, ...commandLine, ...testKit };
