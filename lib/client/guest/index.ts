export { createAttachedClients } from './attachedClients';
export { createSessionTransport } from './sessionTransport';
