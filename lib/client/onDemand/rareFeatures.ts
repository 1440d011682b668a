// The code that most apps never use. One module, because bundlers would split the shared code into a file per combination.
export { createAttachedClients, createSessionTransport } from '../guest';
export { followRedirects, unfollowedRedirect } from '../http/followRedirects';
export { followTask$ } from '../session/followTask';
export { restoreLevel } from '../session/restoreLevel';
export { legacyAuthorizer } from '../wire/http/authorization';
export { httpWithSse } from '../wire/http/httpWithSse';
