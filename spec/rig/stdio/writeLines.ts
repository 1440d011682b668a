/** Writes lines to stdout unmodified, in one write. */
export function writeLines(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
