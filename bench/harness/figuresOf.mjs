/** What a row is judged by: one median, or the ratio of two, and whether it is where it should be. */
export function figuresOf(figures, measured) {
  return figures.map(({ of, to, atMost, atLeast, never = false, stretch = false }) => {
    const value = to === undefined ? measured[of].median : measured[of].median / measured[to].median;
    const cpu = to === undefined ? undefined : ratioOf(measured[of].cpu, measured[to].cpu);
    const isMet = never
      ? value === null
      : value !== null && value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
    return { of, to, atMost, atLeast, never, stretch, value, cpu, isMet };
  });
}

function ratioOf(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}
