/** How much memory the process takes beyond what it holds. */
import { setFlagsFromString } from "node:v8";

/**
 * Left to itself, V8 lets a heap of this size grow to several times what is alive in it before it collects, and a file of 50 MB, whose
 * message alone leaves three times its size behind, then costs eleven times its size. Collecting more often costs a few percent
 * of the time. Flags that a later V8 does not know are ignored.
 */
export function keepHeapSmall(): void {
  // Collect when the heap is half as large again as what was alive last time.
  setFlagsFromString("--heap-growing-percent=50");
  // What is analysed and dropped again dies young in a small nursery as well as in a large one.
  setFlagsFromString("--semi-space-growth-factor=1");
}
