/** What estimate.test.ts measures, of further shapes: each takes a process that fills its memory. */
import { FURTHER_SHAPES, testEstimate } from "./testing/measuredShapes.ts";

for (const shape of FURTHER_SHAPES) testEstimate(shape);
