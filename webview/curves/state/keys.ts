/** Steps that a key leads to; undefined for a key that leads nowhere. */
export function stepOfKey(key: string, step: number, [first, last]: readonly [number, number]): number | undefined {
  const page = Math.max(1, Math.round((last - first) / 10));
  const target = {
    ArrowLeft: step - 1,
    ArrowDown: step - 1,
    ArrowRight: step + 1,
    ArrowUp: step + 1,
    PageDown: step - page,
    PageUp: step + page,
    Home: first,
    End: last,
  }[key];
  return target === undefined ? undefined : Math.min(last, Math.max(first, target));
}
