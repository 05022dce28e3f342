/** A Vega-Lite picture as the text of an SVG file. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

export async function svgOf(specification: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(specification).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
