/** The errors of requests that surely never reached the server, since nobody was there to take them: they can be sent again. */
export const neverSent = new WeakSet<Error>();
