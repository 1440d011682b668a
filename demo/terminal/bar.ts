const width = 24;

/** A progress bar, as far as a total is known. */
export function bar({ progress, total }: { progress: number; total?: number }): string {
  if (total === undefined || total <= 0) return String(progress);
  const done = Math.round(width * Math.min(1, Math.max(0, progress / total)));
  return `${'█'.repeat(done)}${'░'.repeat(width - done)} ${progress} of ${total}`;
}
