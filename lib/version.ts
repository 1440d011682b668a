/** The version of this library, sent to servers by default. */
export const version = '0.1.0';
