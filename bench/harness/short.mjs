/** A number with three digits that count. */
export function short(value) {
  if (value === null) return 'never';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
