/** Where a key leads in a list of rows; undefined where it leads nowhere. */
export function nextIndex(key: string, active: number, count: number, page: number): number | undefined {
  if (count === 0) return undefined;
  const targets: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}
