import type { FaultCommands } from './faultCommands';

const every: Record<keyof FaultCommands, true> = {
  notify: true,
  notifyMany: true,
  ask: true,
  cancelAsks: true,
  setTools: true,
  setPrompts: true,
  setResources: true,
  setResource: true,
  hold: true,
  release: true,
  refuseGet: true,
  answerPost: true,
  answerDelete: true,
  endGet: true,
  resetGet: true,
  endPost: true,
  cutPost: true,
  raw: true,
  forgetSessions: true,
};

/** The names of all commands: the compiler sees to it that none is missing. */
export const faultCommandNames = Object.keys(every) as (keyof FaultCommands)[];
