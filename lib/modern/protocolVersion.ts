/** The version of the protocol that this engine speaks. */
export const protocolVersion = '2026-07-28';
