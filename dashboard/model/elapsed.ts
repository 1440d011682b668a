/** Formats a duration in milliseconds as minutes, seconds and milliseconds. Adds hours if there are any. */
export function elapsed(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const [hours, minutes, seconds] = [whole / 3_600_000, (whole / 60_000) % 60, (whole / 1_000) % 60].map(Math.floor);
  const two = (part = 0): string => String(part).padStart(2, '0');
  const start = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${start}:${two(seconds)}.${String(whole % 1_000).padStart(3, '0')}`;
}
