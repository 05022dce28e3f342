/** The theme's colours as a canvas needs them: resolved, and read again when the theme changes. */

export interface Colours {
  text: string;
  grid: string;
  background: string;
  /** Of series, in the order in which they are taken. */
  series: readonly string[];
}

/** Beside its colour each has its own dashes, so that lines are told apart without it. */
export const DASHES: readonly number[][] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [1, 2]];

/** Shapes of runs, where the dashes say which line it is: paths as SVG writes them, around 0, 0 and some seven CSS pixels wide. */
const MARKS = [
  "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
  "M-3 -3h6v6h-6z",
  "M0 -4L4 3.5H-4z",
  "M0 -4.5L4.5 0L0 4.5L-4.5 0z",
  "M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5",
] as const;

export const markOf = (run: number): string => MARKS[run % MARKS.length] ?? MARKS[0];

/** Orange comes last: newer editors have it translucent, and none in high contrast. */
const SERIES = ["blue", "red", "green", "purple", "yellow", "orange"];

export function readColours(): Colours {
  const style = getComputedStyle(document.body);
  const read = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
  const text = read("foreground") || style.color;
  return {
    text: read("descriptionForeground") || text,
    // High contrast draws borders in a colour that would outshine the curves.
    grid: `color-mix(in srgb, ${text} 18%, transparent)`,
    background: read("editor-background") || "transparent",
    series: SERIES.map((name) => read(`charts-${name}`) || text),
  };
}

/** @returns how to stop watching */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => observer.disconnect();
}
