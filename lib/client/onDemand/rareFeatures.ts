// Code that most apps never use. In one module, because bundlers move code that several modules share into further files,
// one for each combination of modules.
export { createAttachedClients, createSessionTransport } from '../guest';
export { followRedirects, unfollowedRedirect } from '../http/followRedirects';
export { followTask$ } from '../session/followTask';
export { restoreLevel } from '../session/restoreLevel';
export { legacyAuthorizer } from '../wire/http/authorization';
export { httpWithSse } from '../wire/http/httpWithSse';
