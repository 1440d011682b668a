export { createGuests } from './guests';
export { createSessionTransport } from './sessionTransport';
