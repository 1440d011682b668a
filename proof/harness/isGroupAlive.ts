import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether any process is left in a group. One that has ended, and that nobody has asked after, does not count. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .some((pid) => {
      const { state, pgrp } = statOf(pid);
      return pgrp === group && state !== 'Z' && state !== 'X';
    });
}

/** The program's name may hold anything, in brackets; what follows is separated by spaces. */
function statOf(pid: string): { state?: string; pgrp?: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, pgrp: Number(pgrp) };
  } catch {
    // It ended while it was looked at.
    return {};
  }
}
