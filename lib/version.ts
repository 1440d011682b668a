/** The version of this library, as it is told to servers by default. */
export const version = '0.1.0';
