/** The versions of the protocol: 2025-11-25 and before, and 2026-07-28. */
export type Era = 'legacy' | 'modern';
